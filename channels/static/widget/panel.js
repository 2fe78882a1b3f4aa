const PERSON = "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8c0-3.5 3-6 7-6s7 2.5 7 6";
const CROSS = "M6 6l12 12M18 6L6 18";
const ARROW = "M12 20V5m-6 6 6-6 6 6";

// What is seen of a conversation: header, log and the box to write in.
class Panel {
  #words;
  #server;
  #conversation;
  #messages = new Map();
  #isAtEnd = true;

  constructor(conversation, { words, server, title, greeting, logo, suggestions, inline, onClose }) {
    this.#conversation = conversation;
    this.#words = words;
    this.#server = server;
    this.state = h("p", { class: "state", role: "status" });
    this.trouble = h("p", { class: "trouble", role: "status", hidden: true });
    this.log = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": words.log });
    this.looking = h("p", { class: "looking", role: "status" });
    this.empty = this.#makeEmpty(greeting, suggestions);
    this.scroller = h("div", { class: "scroller", tabindex: 0, role: "group", "aria-label": words.log, scroll: () => this.#onScroll() },
      this.empty, this.log, this.looking);
    this.jump = h("button", { class: "jump", hidden: true, click: () => this.toEnd() }, words.newMessages);
    this.note = h("p", { class: "note", role: "alert", hidden: true });
    this.box = h("textarea", { rows: 1, placeholder: words.write, "aria-label": words.write, enterkeyhint: "send",
      keydown: (event) => this.#onKey(event), input: () => this.#fit() });
    this.send = h("button", { class: "send", type: "submit", "aria-label": words.send }, icon(ARROW));
    this.human = h("button", { class: "link human", type: "button", click: () => conversation.asked || conversation.press("human") },
      icon(PERSON), h("span", {}, words.human));
    this.hint = h("span", { class: "quiet" });
    const form = h("form", { submit: (event) => this.#onSubmit(event) },
      this.note, h("div", { class: "box" }, this.box, this.send), h("div", { class: "below" }, this.human, this.hint));
    const close = !inline && h("button", { class: "close", "aria-label": words.close, click: onClose }, icon(CROSS));
    this.element = h("section", { class: "panel", id: "panel", role: inline ? "region" : "dialog", "aria-labelledby": "title" },
      h("header", {}, logo && h("img", { src: logo, alt: "" }), h("div", {}, h("h2", { id: "title" }, title), this.state), close),
      this.trouble, h("div", { class: "middle" }, this.scroller, this.jump), form);
    conversation.addEventListener("change", () => this.show());
    conversation.addEventListener("refused", ({ detail }) => this.#onRefused(detail));
  }

  show() {
    const { owner, status, trouble, busy, asked, lines } = this.#conversation;
    const words = this.#words;
    const name = status?.agent_name ?? words.colleague;
    write(this.state, { bot: words.withBot, queue: words.inQueue, agent: words.withAgent(name) }[owner]);
    this.state.dataset.owner = owner;
    write(this.trouble, trouble ? { connection: words.trouble, server: words.failing }[trouble] : busy ? words.busy(busy) : "");
    write(this.looking, owner !== "agent" && status?.pending ? words.looking : "");
    const said = [...lines.values()].filter(({ labels }) => labels).at(-1)?.labels;
    write(this.human.lastChild, asked ? words.asking : said?.human ?? words.human);
    this.human.setAttribute("aria-disabled", asked);
    if (owner !== "bot" && this.human.matches(":focus")) this.focus();
    this.human.hidden = owner !== "bot";
    write(this.hint, owner === "queue" ? words.meanwhile : "");
    this.#showMessages();
  }

  focus() {
    this.box.focus({ preventScroll: true });
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #makeEmpty(greeting, suggestions) {
    const say = (text) => () => {
      this.#conversation.say(text);
      this.focus();
    };
    const chips = suggestions.map((text) => h("button", { class: "chip", click: say(text) }, text));
    const list = chips.length > 0 && h("div", { class: "suggestions", role: "group", "aria-label": this.#words.suggestions }, ...chips);
    return h("div", { class: "empty" }, h("p", { class: "greeting" }, greeting), list);
  }

  #lines() {
    const { lines, outgoing, trouble } = this.#conversation;
    const said = [...lines.values()].sort((one, other) => one.id - other.id);
    const shown = new Set(said.map((line) => line.message_id));
    const going = outgoing.all().filter((item) => item.text !== undefined && !shown.has(item.id));
    return [
      ...said.map((line) => ({ ...line, key: line.message_id ?? line.id })),
      ...going.map((item) => ({
        ...item, key: item.id, author: "customer", state: item.sent ? "sent" : trouble ? "waiting" : "sending",
      })),
    ];
  }

  #showMessages() {
    const lines = this.#lines();
    const { owner, isLoaded } = this.#conversation;
    this.log.setAttribute("aria-busy", !isLoaded);
    this.empty.classList.toggle("talking", lines.length > 0);
    const keys = new Set(lines.map((line) => line.key));
    for (const [key, message] of this.#messages) {
      if (!keys.has(key)) {
        message.row.remove();
        this.#messages.delete(key);
      }
    }
    let newest = null;
    lines.forEach((line, index) => {
      if (!this.#messages.has(line.key)) {
        newest = new Message(line, this.#words, this.#server, {
          press: (name, id) => this.#conversation.press(name, id),
          choose: (choice, id) => this.#conversation.choose(choice, id),
          retry: () => this.#conversation.flush(),
        });
        this.#messages.set(line.key, newest);
      }
      const message = this.#messages.get(line.key);
      // Buttons are for as long as nothing was said after them; a number can still be written after a "thanks".
      message.update(line, owner !== "agent" && index === lines.length - 1);
      message.row.classList.toggle("grouped", isSameGroup(lines[index - 1], line));
      if (this.log.children[index] !== message.row) this.log.insertBefore(message.row, this.log.children[index] ?? null);
    });
    this.#keepInView(newest?.row, lines.at(-1));
  }

  // A new message is shown from its start, even when it is longer than the window; who reads further up is left there.
  #keepInView(row, last) {
    if (row && !this.#isAtEnd && last.author !== "customer") this.jump.hidden = false;
    else if (row) this.scroller.scrollTop = row.offsetTop - 16;
    else if (this.#isAtEnd) this.toEnd();
    this.#onScroll();
  }

  #onScroll() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    this.#isAtEnd = scrollTop + clientHeight > scrollHeight - 48;
    if (this.#isAtEnd) this.jump.hidden = true;
  }

  #onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#onSubmit(event);
  }

  #onSubmit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (!text) return;
    write(this.note, "");
    this.box.value = "";
    this.#fit();
    this.#isAtEnd = true;
    this.#conversation.say(text);
    this.focus();
  }

  #onRefused({ text, status, sentence }) {
    write(this.note, (status === 413 && this.#words.tooLong) || sentence || this.#words.refused);
    if (text === undefined) return;
    this.box.value = [text, this.box.value].filter(Boolean).join("\n");
    this.#fit();
    this.focus();
  }

  #fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 160)}px`;
  }
}

// Set a text only when it differs, so that screen readers hear it once, and hide what is empty.
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

function isSameGroup(earlier, line) {
  return earlier?.author === line.author && earlier.name === line.name && new Date(line.at) - new Date(earlier.at) < GROUP;
}
