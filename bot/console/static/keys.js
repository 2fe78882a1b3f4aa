// Everything has a key, except while typing.

import { judge, use, write } from "./composer.js";
import { step } from "./queue.js";
import { clear, say, showing } from "./toast.js";
import { underWay, visit } from "./visits.js";
import { _ } from "./words.js";

const list = document.getElementById("keys");
const search = document.getElementById("search");

export function showKeys() {
  list.showModal();
}

function press(id, otherwise) {
  const button = document.getElementById(id);
  if (button) button.click();
  else say(otherwise);
}

function suggest(number) {
  const link = document.querySelectorAll("[data-use]")[number - 1];
  if (link) use(link.dataset.use);
  else say(document.getElementById("composer") ? _("There is no answer %(number)s to use.", { number }) : _("Open a case first."));
}

const movements = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => search.focus(),
  l: () => document.getElementById("language").focus(),
  "?": showKeys,
};

// These are about the case: pressed fast, they wait for what was pressed before.
const actions = {
  c: () => press("move-claim", _("Only a waiting case can be claimed: open one first.")),
  e: () => press("move-resolve", _("Only a case of yours can be resolved: press c to claim it.")),
  u: () => press("undo", _("There is nothing to undo.")),
  r: () => write("reply"),
  n: () => write("note"),
  w: judge,
  1: () => suggest(1),
  2: () => suggest(2),
  3: () => suggest(3),
};

function escape(target, typing) {
  if (target === search) search.value = "", search.dispatchEvent(new Event("input"));
  if (typing) target.blur();
  else if (showing()) clear();
  else if (document.getElementById("heading")) visit(`/console/${location.search}`);
}

export function onKey(event) {
  if (event.defaultPrevented || event.isComposing || list.open) return;
  const typing = event.target.matches("textarea, select, input:not([type=radio])");
  if (event.key === "Escape") return escape(event.target, typing);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return typing && event.target.form?.requestSubmit();
  if (event.key === "Enter" && event.target === search) return step(0);
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.repeat && !"jk".includes(event.key)) return;
  if (Object.hasOwn(movements, event.key)) movements[event.key]();
  else if (Object.hasOwn(actions, event.key)) underWay.then(actions[event.key]);
  else return;
  event.preventDefault();
}
