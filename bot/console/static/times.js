// "12 min" with the reader's own exact time on hover.

const MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

function relative(seconds) {
  if (seconds < MINUTE) return "now";
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h`;
  return `${Math.floor(seconds / DAY)} d`;
}

export function updateTimes() {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const at = new Date(element.dateTime);
    const text = relative((Date.now() - at) / 1000);
    if (element.textContent === text) continue;
    element.textContent = text;
    element.title = `${element.dataset.words ?? ""} ${at.toLocaleString()}`.trim();
  }
}
