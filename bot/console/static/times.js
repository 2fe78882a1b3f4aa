// "12 min" with the reader's own exact time on hover.

import { locale } from "./words.js";

const MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const now = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(0, "second");
const exact = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
const spans = new Map(["minute", "hour", "day"].map((unit) => [unit, new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" })]));

function relative(seconds) {
  if (seconds < MINUTE) return now;
  if (seconds < HOUR) return spans.get("minute").format(Math.floor(seconds / MINUTE));
  if (seconds < DAY) return spans.get("hour").format(Math.floor(seconds / HOUR));
  return spans.get("day").format(Math.floor(seconds / DAY));
}

export function updateTimes() {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const at = new Date(element.dateTime);
    const text = relative((Date.now() - at) / 1000);
    if (element.textContent === text) continue;
    element.textContent = text;
    element.title = (element.dataset.words ?? "%(time)s").replace("%(time)s", exact.format(at));
  }
}
