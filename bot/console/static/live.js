// Hears that something changed and fetches what is shown again; says so when it cannot hear.

import { openCase } from "./composer.js";
import { takeCase, takeQueue } from "./visits.js";
import { _ } from "./words.js";

const GRACE = 1500, RETRY = 5000;
const notice = document.getElementById("connection");
let source, lost, retry;
let refreshing = false, again = false;

export function connect() {
  clearTimeout(retry);
  source?.close();
  source = new EventSource("/console/events");
  source.addEventListener("open", () => {
    clearTimeout(lost);
    lost = undefined;
    notice.textContent = "";
  });
  source.addEventListener("changed", refresh);
  source.addEventListener("error", () => {
    lost ??= setTimeout(() => { notice.textContent = _("Connection lost, trying again. What you see may be old."); }, GRACE);
    if (source.readyState !== EventSource.CLOSED) return;
    refresh();
    retry = setTimeout(connect, RETRY);
  });
}

export function disconnect() {
  clearTimeout(lost);
  clearTimeout(retry);
  source?.close();
}

async function refresh() {
  again = true;
  if (refreshing) return;
  refreshing = true;
  try {
    while (again) {
      again = false;
      await fetchAgain();
    }
  } catch {
    // Not reached: the notice says so, and the next connection starts with a refresh.
  } finally {
    refreshing = false;
  }
}

async function fetchAgain() {
  const number = openCase();
  const { query } = document.getElementById("queue-list").dataset;
  const wanted = [part(`/console/queue${query || "?"}&case=${number ?? ""}`)];
  if (number) wanted.push(part(`/console/cases/${number}/lines${query}`));
  const [queue, lines] = await Promise.all(wanted);
  if (query !== document.getElementById("queue-list").dataset.query || number !== openCase()) {
    again = true; // something else is shown by now: what came marks another row
    return;
  }
  if (queue) takeQueue(queue);
  if (lines) takeCase(lines);
}

async function part(address) {
  const response = await fetch(address);
  if (response.status === 401) signedOut();
  if (!response.ok) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function signedOut() {
  disconnect();
  const link = Object.assign(document.createElement("a"), { href: location.pathname, textContent: _("Sign in again") });
  notice.replaceChildren(_("You are signed out."), " ", link);
}
