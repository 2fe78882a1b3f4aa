// The reply box. What is typed stays in this tab until it is sent: through other cases, reloads and lost connections.

import { say } from "./toast.js";
import { _ } from "./words.js";

export const openCase = (root = document) => root.querySelector("#heading")?.dataset.case ?? null;

const form = () => document.getElementById("composer");
const place = (number) => `draft:${number}`;

export function keepDraft() {
  const { text, key, kind } = form().elements;
  if (text.value.trim() === "") forgetDraft(openCase());
  else sessionStorage.setItem(place(openCase()), JSON.stringify({ text: text.value, key: key.value, kind: kind.value }));
}

export function forgetDraft(number) {
  sessionStorage.removeItem(place(number));
}

export function forgetDrafts() {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith("draft:")) sessionStorage.removeItem(name);
}

// Fills an empty box; the key comes along, so that a reply whose answer was lost on the way is not sent twice.
export function restoreDraft() {
  const draft = form() && JSON.parse(sessionStorage.getItem(place(openCase())));
  if (!draft || form().elements.text.value !== "") return;
  form().elements.text.value = draft.text;
  form().elements.key.value = draft.key;
  choose(draft.kind);
}

export function sent(page) {
  forgetDraft(openCase());
  const { text, key } = form().elements;
  text.value = "";
  key.value = page.querySelector("#composer [name=key]").value;
  choose("reply");
}

export function choose(kind) {
  const option = document.getElementById(`kind-${kind}`);
  if (option) option.checked = true;
  return option !== null;
}

export function write(kind) {
  if (!form()) return say(_("Open a case first."));
  if (!choose(kind)) return say(document.querySelector("#kinds .hint").textContent);
  form().elements.text.focus();
}

// To the pages that were found; the context may have to take the conversation's place for that.
export function judge() {
  const first = document.querySelector("#verdict [aria-pressed=true]") ?? document.querySelector("#verdict button");
  if (!first) return say(form() ? _("The bot found no pages for this case.") : _("Open a case first."));
  if (!first.checkVisibility()) location.hash = "#context";
  first.focus();
}

// Where the context takes the conversation's place, the conversation comes back.
export function leaveContext() {
  if (location.hash === "#context") location.replace("#conversation");
}

// Puts an answer of the bot behind what is already there.
export function use(answer) {
  leaveContext();
  const { text } = form().elements;
  const before = text.value;
  text.value = before.trim() === "" ? answer : `${before.trimEnd()}\n\n${answer}`;
  write("reply");
  text.setSelectionRange(text.value.length, text.value.length);
  keepDraft();
  say(_("The answer is in the reply box."), () => { text.value = before; keepDraft(); text.focus(); });
}

export function showProblem(sentence) {
  const problem = document.getElementById("problem");
  if (problem) problem.textContent = sentence;
  if (sentence && !form()?.checkVisibility()) say(sentence);
}
