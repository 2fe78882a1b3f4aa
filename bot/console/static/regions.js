// Takes over what the server sent and touches only what changed, so that focus, selection, scroll and open details stay.

// What the server sent for a part of the page; the page itself may have changed it since (times, for one).
const served = new WeakMap();

const parts = (region) => (region.dataset.region === "list" ? [...region.children] : [region]);

export function remember(root) {
  for (const region of root.querySelectorAll("[data-region]")) {
    for (const part of parts(region)) served.set(part, part.outerHTML);
  }
}

export function take(root) {
  for (const next of root.querySelectorAll("[data-region]")) {
    const own = document.getElementById(next.id);
    if (own && next.dataset.region === "list") takeList(own, next);
    else if (own) takePart(own, next);
  }
}

function takeList(own, next) {
  const coming = [...next.children];
  const wanted = new Set(coming.map((child) => child.id));
  for (const child of [...own.children]) if (!wanted.has(child.id)) child.remove();
  const here = new Map([...own.children].map((child) => [child.id, child]));
  let place = own.firstElementChild;
  for (const child of coming) {
    const known = here.get(child.id);
    if (known === undefined) {
      served.set(child, child.outerHTML);
      own.insertBefore(child, place);
      continue;
    }
    const current = takePart(known, child);
    if (place === known) place = current;
    if (place === current) place = place.nextElementSibling;
    else move(own, current, place);
  }
}

// Returns the element that is on the page afterwards.
function takePart(own, next) {
  const html = next.outerHTML;
  if (served.get(own) === html) return own;
  served.set(next, html);
  const focused = own.contains(document.activeElement) ? document.activeElement : null;
  carry(own, next);
  own.replaceWith(next);
  if (focused) refocus(next, focused.id);
  return next;
}

function move(list, element, place) {
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  list.insertBefore(element, place);
  focused?.focus({ preventScroll: true });
}

function carry(own, next) {
  for (const details of own.querySelectorAll("details[id]")) {
    const same = next.querySelector(`#${details.id}`);
    if (same) same.open = details.open;
  }
  for (const input of own.querySelectorAll("input[id]:checked")) {
    const same = next.querySelector(`#${input.id}`);
    if (same) same.checked = true;
  }
}

// A button that is gone gives its focus to the part it was in, never to another button.
function refocus(next, id) {
  let heir = id ? next.querySelector(`#${id}`) : null;
  if (!heir) {
    heir = next;
    heir.tabIndex = -1;
  }
  heir.focus({ preventScroll: true });
}
