const BUBBLE = "M4 5h16v11H10l-4 4v-4H4Z";
const NARROW = "(max-width: 480px)";
const SCRIPT = document.currentScript ?? { src: location.href, dataset: {} }; // a module has no current script

// <answerdesk-chat server title greeting color logo language position open inline name suggestions>
class AnswerdeskChat extends HTMLElement {
  #conversation;
  #panel;
  #launcher;
  #words;
  #title;

  connectedCallback() {
    if (this.#panel) return this.#start();
    const language = this.getAttribute("language") || document.documentElement.lang || navigator.language;
    const server = new URL(this.getAttribute("server")?.replace(/\/*$/, "/") ?? new URL(".", SCRIPT.src), location.href).href;
    const words = wordsFor(language, server);
    if (!(words instanceof Promise)) return this.#begin(server, words);
    words.then((fetched) => this.isConnected && !this.#panel && this.#begin(server, fetched));
  }

  #begin(server, words) {
    this.#words = words;
    this.#build(server);
    this.#start();
  }

  #start() {
    this.#conversation.start();
    this.ownerDocument.addEventListener("visibilitychange", this.#showUnread);
    this.#panel.show();
  }

  disconnectedCallback() {
    this.#conversation?.stop();
    this.ownerDocument.removeEventListener("visibilitychange", this.#showUnread);
  }

  show({ focus = true } = {}) {
    if (!this.#panel) return this.setAttribute("open", ""); // its words are on their way
    this.#panel.element.hidden = false;
    this.#launcher.setAttribute("aria-expanded", "true");
    this.#remember(true);
    this.#panel.toEnd();
    this.#showUnread();
    if (focus) this.#panel.focus();
  }

  hide() {
    if (!this.#panel) return this.removeAttribute("open");
    if (this.hasAttribute("inline")) return;
    const hadFocus = this.shadowRoot.activeElement !== null;
    this.#panel.element.hidden = true;
    this.#launcher.setAttribute("aria-expanded", "false");
    this.#remember(false);
    this.#showUnread();
    if (hadFocus) this.#launcher.focus();
  }

  #build(server) {
    const inline = this.hasAttribute("inline");
    this.#title = this.getAttribute("title") || this.#words.title;
    this.removeAttribute("title"); // or the browser would show it as a tooltip over the whole chat
    this.#conversation = new Conversation(server, {
      locale: this.getAttribute("language") || navigator.language,
      name: this.getAttribute("name") || undefined,
    });
    this.#panel = new Panel(this.#conversation, {
      words: this.#words,
      server,
      inline,
      title: this.#title,
      greeting: this.getAttribute("greeting") || this.#words.greeting,
      logo: webAddress(this.getAttribute("logo"), location.href),
      suggestions: (this.getAttribute("suggestions") ?? "").split("|").map((each) => each.trim()).filter(Boolean),
      onClose: () => this.hide(),
    });
    this.#launcher = h("button", { class: "launcher", "aria-controls": "panel", "aria-expanded": "false",
      click: () => (this.#panel.element.hidden ? this.show() : this.hide()) },
      icon(BUBBLE), icon(CROSS), h("span", { class: "badge", hidden: true, "aria-hidden": "true" }));
    const root = h("div", { class: `root ${inline ? "inline" : "floating"} ${this.getAttribute("position") === "left" ? "left" : "right"}`,
      lang: this.#words.locale.slice(0, 2), keydown: (event) => this.#onKey(event) },
      !inline && this.#launcher, this.#panel.element);
    paint(root, this.getAttribute("color"));
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(root);
    this.#panel.element.hidden = !(inline || this.hasAttribute("open") || this.#wasOpen());
    this.#launcher.setAttribute("aria-expanded", !this.#panel.element.hidden);
    this.#conversation.addEventListener("change", this.#showUnread);
    this.#showUnread();
  }

  // What the bot or an agent said and this browser has not shown yet.
  #showUnread = () => {
    const { kept, lines } = this.#conversation;
    const isSeen = !this.#panel.element.hidden && !document.hidden;
    const seen = Number(kept.get("seen"));
    const unread = [...lines.values()].filter((line) => line.author !== "customer" && line.id > seen);
    if (isSeen && unread.length > 0) kept.set("seen", Math.max(...unread.map((line) => line.id)));
    const count = isSeen ? 0 : unread.length;
    const badge = this.#launcher.lastChild;
    write(badge, count ? String(count) : "");
    const name = this.#panel.element.hidden ? `${this.#words.open}: ${this.#title}` : this.#words.close;
    this.#launcher.setAttribute("aria-label", count ? `${name}, ${this.#words.unread(count)}` : name);
  };

  #onKey(event) {
    event.stopPropagation(); // the page's own shortcuts are not meant
    if (event.key === "Escape" && !event.isComposing) this.hide();
  }

  // An open chat stays open on the next page of a visit, except where it would cover the page.
  #remember(isOpen) {
    try {
      sessionStorage.setItem("answerdesk open", isOpen ? "yes" : "");
    } catch {
      // It starts closed then.
    }
  }

  #wasOpen() {
    try {
      return !matchMedia(NARROW).matches && sessionStorage.getItem("answerdesk open") === "yes";
    } catch {
      return false;
    }
  }
}

if (!customElements.get("answerdesk-chat")) {
  customElements.define("answerdesk-chat", AnswerdeskChat);
  // <script src=".../widget.js" data-title="Help"> is enough where no tag can be placed.
  if (Object.keys(SCRIPT.dataset).length > 0) {
    const place = () => document.body.append(h("answerdesk-chat", { ...SCRIPT.dataset }));
    if (document.body) place();
    else addEventListener("DOMContentLoaded", place, { once: true });
  }
}
