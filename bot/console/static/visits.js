// Opens cases and sends forms without loading the page again. The server answers with whole pages, as it does
// for a browser without scripts; the parts that changed are taken over.

import { forgetDraft, leaveContext, openCase, restoreDraft, sent, showProblem } from "./composer.js";
import { filterQueue } from "./queue.js";
import { remember, take } from "./regions.js";
import { updateTimes } from "./times.js";
import { clear, takeToast } from "./toast.js";
import { _ } from "./words.js";

const NOT_REACHED = _("The server can't be reached. What you wrote is still here; try again.");
const conversation = document.getElementById("conversation");
let latest = 0;

// What is being opened or sent; never rejects.
export let underWay = Promise.resolve();

export function visit(address, { push = true } = {}) {
  underWay = open(address, push);
}

export function send(form, submitter) {
  if (form.ariaBusy !== "true") underWay = post(form, submitter);
}

async function open(address, push) {
  const answer = await ask(address, {});
  if (answer === null || answer.late) return;
  if (!answer.page.getElementById("queue-list")) return location.assign(address);
  show(answer.page);
  if (push) history.pushState({}, "", address);
}

async function post(form, submitter) {
  form.ariaBusy = "true";
  if (!form.closest("#toast")) clear(); // what can be undone is what was done last
  const number = form.id === "composer" ? openCase() : null;
  const answer = await ask(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, submitter)) });
  form.ariaBusy = "false";
  if (number && answer?.ok) {
    if (openCase() === number) sent(answer.page);
    else forgetDraft(number);
  }
  if (answer === null || answer.late) return;
  if (answer.page.getElementById("queue-list")) {
    show(answer.page);
    const address = plain(answer.address);
    if (openCase() && address !== location.pathname + location.search) history.pushState({}, "", address);
  }
  showProblem(answer.ok ? "" : sentence(answer.page));
}

async function ask(address, options) {
  const mine = ++latest;
  conversation.ariaBusy = "true";
  try {
    const response = await fetch(address, options);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return { ok: response.ok, address: response.url, page, late: mine !== latest };
  } catch {
    showProblem(NOT_REACHED);
    return null;
  } finally {
    if (mine === latest) conversation.ariaBusy = "false";
  }
}

function show(page) {
  const other = openCase(page) !== openCase() || queryOf(page) !== queryOf(document);
  takeQueue(page);
  if (other) {
    leaveContext();
    for (const id of ["conversation", "context"]) {
      document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
    }
    remember(conversation);
    remember(document.getElementById("context"));
    document.body.toggleAttribute("data-open", openCase() !== null);
    restoreDraft();
  } else {
    takeCase(page);
  }
  takeToast(page);
  document.title = page.title;
  updateTimes();
  if (other) arrive();
}

export const queryOf = (root) => root.querySelector("#queue-list").dataset.query;

function arrive() {
  toEnd();
  if (document.getElementById("queue").offsetParent === null) conversation.focus();
}

export function toEnd() {
  const transcript = document.getElementById("transcript");
  if (transcript) transcript.scrollTop = transcript.scrollHeight;
}

export function takeCase(root) {
  const transcript = document.getElementById("transcript");
  const atEnd = transcript && transcript.scrollHeight - transcript.scrollTop - transcript.clientHeight < 48;
  take(root);
  updateTimes();
  if (atEnd) toEnd();
}

export function takeQueue(root) {
  const own = document.getElementById("queue-list");
  const next = root.querySelector("#queue-list");
  if (own.dataset.query === next.dataset.query) {
    take(next);
  } else {
    const choosing = document.activeElement?.id === "language";
    own.replaceWith(next);
    remember(next);
    if (choosing) document.getElementById("language").focus();
    document.querySelector(".views").replaceChildren(...root.querySelector(".views").childNodes);
  }
  const waiting = document.querySelector("[data-waiting]").dataset.waiting;
  document.title = (waiting === "0" ? "" : `(${waiting}) `) + document.title.replace(/^\(\d+\) /, "");
  filterQueue();
  updateTimes();
}

// The address without what was said once.
function plain(address) {
  const url = new URL(address);
  for (const once of ["done", "was"]) url.searchParams.delete(once);
  return url.pathname + url.search;
}

const sentence = (page) =>
  (page.querySelector("#problem") ?? page.querySelector("#message"))?.textContent || _("That did not work; try again.");
