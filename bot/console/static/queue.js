// Moving in the queue and searching it.

const rows = () => [...document.querySelectorAll("#queue-list .row")].filter((row) => !row.parentElement.hidden);

export function step(by) {
  const all = rows();
  const here = all.findIndex((row) => row === document.activeElement);
  const from = here >= 0 ? here : all.findIndex((row) => row.ariaCurrent === "true");
  const next = all[from < 0 ? 0 : Math.min(Math.max(from + by, 0), all.length - 1)];
  next?.focus();
}

export function filterQueue() {
  const words = document.getElementById("search").value.toLowerCase().split(/\s+/);
  for (const row of document.querySelectorAll("#queue-list li")) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
  const all = document.querySelectorAll("#queue-list li").length;
  document.getElementById("no-match").hidden = all === 0 || rows().length > 0;
}
