// One sentence that stays for a few seconds, with the way back.

import { _ } from "./words.js";

const SECONDS = 8;
const toast = document.getElementById("toast");
let timer;

function start() {
  clearTimeout(timer);
  timer = setTimeout(() => (toast.matches(":hover, :focus-within") ? start() : clear()), SECONDS * 1000);
}

export function clear() {
  clearTimeout(timer);
  toast.replaceChildren();
}

export function say(text, undo) {
  const sentence = document.createElement("p");
  sentence.textContent = text;
  toast.replaceChildren(sentence);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.id = "undo";
    button.append(_("Undo"), " ", Object.assign(document.createElement("kbd"), { textContent: "u" }));
    button.addEventListener("click", () => { clear(); undo(); });
    toast.append(button);
  }
  start();
}

// What the server has to say after a press, if anything.
export function takeToast(page) {
  const next = page.getElementById("toast");
  if (!next?.querySelector("p")) return;
  if (next !== toast) toast.replaceChildren(...next.childNodes);
  start();
}

export const showing = () => toast.childElementCount > 0;
