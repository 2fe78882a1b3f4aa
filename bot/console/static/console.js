// The console works as plain forms and links; this makes it live and gives it keys.

import { forgetDrafts, keepDraft, openCase, restoreDraft, use } from "./composer.js";
import { onKey, showKeys } from "./keys.js";
import { connect, disconnect } from "./live.js";
import { filterQueue } from "./queue.js";
import { remember } from "./regions.js";
import { updateTimes } from "./times.js";
import { takeToast } from "./toast.js";
import { queryOf, send, toEnd, visit } from "./visits.js";

// The filter stands in the address; the case that is open stays open.
function choose(filter) {
  const chosen = [...new FormData(filter)].filter(([, value]) => value);
  visit(location.pathname + (chosen.length ? `?${new URLSearchParams(chosen)}` : ""));
}

const inside = (event) => event.target.closest?.("#composer") !== null;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.dataset.use !== undefined) use(link.dataset.use);
  else if (/^\/console\/(cases\/\d+)?$/.test(link.pathname) && !link.hash && !link.closest("#connection")) visit(link.href);
  else return;
  event.preventDefault();
});
document.addEventListener("submit", (event) => {
  if (event.target.id === "sign-out") return forgetDrafts();
  if (event.target.method !== "post") return;
  event.preventDefault();
  send(event.target, event.submitter);
});
document.addEventListener("change", (event) => event.target.id === "language" && choose(event.target.form));
document.addEventListener("input", (event) => inside(event) && keepDraft());
document.addEventListener("keydown", onKey);

const search = document.getElementById("search");
search.addEventListener("input", filterQueue);
search.hidden = false;
const keys = document.getElementById("show-keys");
keys.addEventListener("click", showKeys);
keys.hidden = false;

addEventListener("popstate", () => {
  const number = /cases\/(\d+)/.exec(location.pathname)?.[1] ?? null;
  const same = number === openCase() && location.search === queryOf(document);
  if (!same) visit(location.href, { push: false });
});
addEventListener("pagehide", disconnect);
addEventListener("pageshow", (event) => event.persisted && connect());

remember(document);
updateTimes();
setInterval(updateTimes, 15_000);
takeToast(document);
restoreDraft();
toEnd();
const said = new URL(location);
for (const once of ["done", "was", "use"]) said.searchParams.delete(once);
history.replaceState({}, "", said);
connect();
