const SVG = "http://www.w3.org/2000/svg";
const GROUP = 5 * 60 * 1000;
const ROW = 28; // choices stand in a row where none has more characters

function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

// The one place where HTML comes in: the server made it from Markdown and let only known tags through.
const trusted = (() => {
  try {
    return trustedTypes.createPolicy("answerdesk", { createHTML: (html) => html });
  } catch {
    return { createHTML: (html) => html };
  }
})();

function webAddress(url, server) {
  const address = url && URL.canParse(url, server) ? new URL(url, server) : null;
  return address && /^https?:$/.test(address.protocol) ? address.href : null;
}

// One message as a row of the log. Its words are written once; what can change is below them.
class Message {
  #words;
  #on;
  #server;
  #foot = h("div", { class: "foot" });
  #choices;
  #shown;

  constructor(line, words, server, on) {
    this.#words = words;
    this.#server = server;
    this.#on = on;
    const body = h("div", { class: "body" });
    if (line.html === undefined) body.textContent = line.text;
    else body.innerHTML = trusted.createHTML(line.html);
    if (line.source?.rest) body.append(this.#fold(line.source));
    const card = line.source && this.#card(line.source);
    this.#choices = line.choices?.length > 0 && this.#offer(line);
    const asked = line.question && h("div", { class: "asked" }, line.question);
    this.row = h("div", { class: `message ${line.author}` }, this.#head(line), body, card, asked, this.#choices, this.#foot);
    this.update(line);
  }

  update(line, isOpen) {
    if (this.#choices) this.#showChoices(line, isOpen);
    const now = JSON.stringify([line.state, line.helped]);
    if (now === this.#shown) return;
    this.#shown = now;
    const hadFocus = this.#foot.contains(this.#foot.getRootNode().activeElement);
    this.#foot.replaceChildren(...(line.state ? this.#delivery(line) : line.feedback ? this.#feedback(line) : []));
    if (hadFocus) (this.#foot.querySelector("button") ?? this.#foot.firstChild)?.focus();
  }

  #head({ author, name, at }) {
    const words = this.#words;
    const who = { customer: words.you, bot: words.assistant, agent: name ?? words.colleague }[author];
    const time = new Date(at);
    const isToday = time.toDateString() === new Date().toDateString();
    const written = (form) => new Intl.DateTimeFormat(words.locale, form).format(time);
    const hour = written({ timeStyle: "short" });
    const short = isToday ? hour : `${written({ day: "numeric", month: "short" })}, ${hour}`;
    const exact = written({ dateStyle: "full", timeStyle: "short" });
    return h("div", { class: "head" }, h("b", {}, who), " ", h("time", { datetime: time.toISOString(), title: exact }, short));
  }

  #card({ title, url, caption }) {
    const href = webAddress(url, this.#server);
    const name = href
      ? h("a", { href, target: "_blank", rel: "noopener" }, title, h("span", { class: "unseen" }, ` ${this.#words.newTab}`))
      : h("b", {}, title);
    return h("div", { class: "card" }, name, caption && h("div", { class: "quiet" }, caption));
  }

  // The rest of a page is part of the answer: it speaks its language, and stands where the answer goes on.
  #fold({ rest, rest_label: label }) {
    const text = h("div", { class: "rest" });
    text.innerHTML = trusted.createHTML(rest);
    return h("details", {}, h("summary", {}, label), text);
  }

  #offer({ id, choices, question }) {
    const press = (choice) => ({ currentTarget }) => currentTarget.getAttribute("aria-disabled") === "true" || this.#on.choose(choice, id);
    const isRow = choices.every(({ label }) => label.length <= ROW);
    return h("div", { class: isRow ? "choices row" : "choices", role: "group", "aria-label": question || this.#words.choices },
      ...choices.map(({ id: choice, label }) => h("button", { class: "chip", "data-choice": choice, click: press(choice) }, label)));
  }

  // Buttons that are used up keep the focus, so that a keyboard's user is not thrown out of the log.
  #showChoices({ chosen }, isOpen) {
    for (const button of this.#choices.children) {
      const isChosen = button.dataset.choice === chosen;
      button.setAttribute("aria-disabled", !isOpen || chosen != null);
      button.setAttribute("aria-pressed", isChosen);
    }
  }

  #delivery({ state }) {
    const words = this.#words;
    if (state === "sending") return [h("span", { class: "quiet" }, words.sending)];
    if (state === "sent") return [];
    return [h("span", { class: "quiet" }, words.notSent), h("button", { class: "link", click: this.#on.retry }, words.tryNow)];
  }

  // It speaks the language of the answer; all else of the widget, that of the page.
  #feedback({ id, helped, labels }) {
    const words = this.#words;
    const press = (name) => () => this.#on.press(name, id);
    if (helped === true) return [h("span", { class: "quiet", tabindex: -1 }, words.wasHelped)];
    if (helped === false) return [h("span", { class: "quiet", tabindex: -1 }, words.wasNotHelped)];
    return [
      h("span", { class: "quiet" }, labels.question),
      h("button", { class: "link", click: press("helped") }, labels.helped),
      h("button", { class: "link", click: press("not_helped") }, labels.not_helped),
    ];
  }
}
