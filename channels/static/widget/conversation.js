const SILENCE = 45_000; // the server says something every 15 s; longer silence is a dead line
const PATIENCE = 20_000;
const HIDDEN = 60_000; // a browser has few connections per server, so hidden tabs give theirs back

class Trouble extends Error {}

// One customer's conversation with one server: what was said, what is on its way, and the connection.
// Tells "change" after every change, and "refused" with { text, sentence } when a message cannot be taken.
class Conversation extends EventTarget {
  lines = new Map();
  status = null;
  trouble = null; // or "connection", or "server"
  busy = 0;
  asked = false;

  #server;
  #about;
  #token;
  #last = 0;
  #listening = false;
  #sending = false;
  #stopped = false;
  #paused = false;
  #stream = null;
  #hiding = null;

  constructor(server, about) {
    super();
    this.#server = server;
    this.#about = about;
    this.kept = new Kept(server);
    this.outgoing = new Outgoing(this.kept);
    this.#token = this.kept.get("token");
  }

  start() {
    this.#stopped = false;
    addEventListener("storage", this.#onStorage);
    addEventListener("online", this.#wake);
    addEventListener("offline", this.#onOffline);
    addEventListener("pageshow", this.#wake);
    document.addEventListener("visibilitychange", this.#onVisibility);
    this.#listen();
    this.flush();
  }

  stop() {
    this.#stopped = true;
    removeEventListener("storage", this.#onStorage);
    removeEventListener("online", this.#wake);
    removeEventListener("offline", this.#onOffline);
    removeEventListener("pageshow", this.#wake);
    document.removeEventListener("visibilitychange", this.#onVisibility);
    this.#stream?.abort();
    this.#wake();
  }

  get owner() {
    return this.status?.owner ?? "bot";
  }

  // Whether what was said before has been read, or there is nothing to read.
  get isLoaded() {
    return !this.#token || this.status !== null;
  }

  say(text) {
    this.#put({ text });
  }

  press(name, messageId) {
    this.#put({ name, message_id: messageId });
  }

  choose(choice, messageId) {
    this.#put({ name: "choose", message_id: messageId, choice });
  }

  // Send what is not sent, now and one after the other; what fails stays and is tried again.
  async flush() {
    if (this.#sending) return this.#wake();
    this.#sending = true;
    let failures = 0;
    for (let item; !this.#stopped && (item = this.outgoing.next()); ) {
      try {
        await this.#deliver(item);
        failures = 0;
      } catch (error) {
        if (!isTrouble(error)) throw error;
        this.#change({ trouble: kindOf(error) });
        await this.#rest(backoff(failures++));
      }
    }
    this.#sending = false;
  }

  #put(content) {
    const item = { id: newId(), at: Date.now(), ...content };
    this.outgoing.put(item);
    this.#mark(item);
    this.#change();
    this.flush();
  }

  // Show a press before the server has heard of it.
  #mark({ name, message_id: id, choice }) {
    if (name === "human") this.asked = true;
    const line = this.lines.get(id);
    if (line) this.lines.set(id, { ...line, ...(name === "choose" ? { chosen: choice } : { helped: name === "helped" }) });
  }

  async #deliver(item) {
    const known = this.#token;
    const token = known ?? (await this.#begin());
    const { id, text, name, message_id, choice } = item;
    const response = text === undefined
      ? await this.#post("actions", { id, name, message_id, choice }, token)
      : await this.#post("messages", { id, text, ...this.#about }, token);
    if (response.status === 429) return this.#wait(response);
    if (response.status === 401 && known) return this.#forget(token);
    if (response.status > 401 && response.status < 500 || response.status === 400) return this.#refuse(item, response);
    if (response.status !== 202) throw new Trouble(response.status);
    if (text === undefined || this.#isShown(id)) this.outgoing.drop(id);
    else this.outgoing.put({ ...item, sent: true });
    this.#change({ trouble: null });
    this.#listen();
  }

  async #begin() {
    const response = await this.#post("sessions", {});
    if (response.status === 429) {
      await this.#wait(response);
      return this.#begin();
    }
    if (response.status !== 201) throw new Trouble(response.status);
    const { token } = await response.json();
    this.#token = this.kept.get("token") ?? token; // another tab may have been quicker
    this.kept.set("token", this.#token);
    return this.#token;
  }

  #post(path, body, token) {
    return fetch(`${this.#server}chat/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE),
    });
  }

  #forget(token) {
    if (this.kept.get("token") === token) this.kept.remove("token");
    this.#token = this.kept.get("token");
    this.#clear();
  }

  // What was shown is another conversation's, or the server has lost it.
  #clear() {
    this.lines.clear();
    this.#last = 0;
    this.status = null;
    this.kept.remove("seen");
    for (const { id, sent } of this.outgoing.all()) if (sent) this.outgoing.drop(id);
  }

  async #wait(response) {
    const seconds = retryAfter(response);
    this.#change({ busy: seconds });
    await pause(seconds);
    this.#change({ busy: 0 });
  }

  async #refuse(item, response) {
    const { error } = await response.json().catch(() => ({}));
    this.outgoing.drop(item.id);
    const line = this.lines.get(item.message_id);
    if (item.choice && line) this.lines.set(line.id, { ...line, chosen: null });
    this.#change({ asked: false });
    this.dispatchEvent(new CustomEvent("refused", { detail: { ...item, status: response.status, sentence: error } }));
  }

  #isShown(id) {
    return [...this.lines.values()].some((line) => line.message_id === id);
  }

  async #listen() {
    if (this.#listening) return;
    this.#listening = true;
    for (let failures = 0; this.#token && !this.#stopped; ) {
      try {
        await this.#follow(() => (failures = 0));
      } catch (error) {
        if (!isTrouble(error)) throw error;
        if (!this.#paused) this.#change({ trouble: kindOf(error) });
      }
      do await this.#rest(this.#paused ? 3600 : backoff(failures++));
      while (this.#paused && !this.#stopped);
    }
    this.#listening = false;
  }

  async #follow(onLife) {
    const stream = (this.#stream = new AbortController());
    const token = this.#token;
    let silence;
    const hear = () => {
      clearTimeout(silence);
      silence = setTimeout(() => stream.abort(), SILENCE);
    };
    hear();
    try {
      const response = await fetch(`${this.#server}chat/events?after=${this.#last}`, {
        headers: { Authorization: `Bearer ${token}` },
        credentials: "omit",
        cache: "no-store",
        signal: stream.signal,
      });
      if (response.status === 401) return this.#forget(token);
      if (response.status === 429) return pause(retryAfter(response));
      if (!response.ok) throw new Trouble(response.status);
      for await (const { event, data } of readEvents(response, hear)) {
        onLife();
        if (this.trouble) this.flush();
        this.trouble = null;
        this.#take(event, data);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  #take(event, data) {
    if (event === "reset") this.#clear();
    if (event === "line") {
      this.lines.set(data.id, data);
      this.#last = Math.max(this.#last, data.id);
      if (data.message_id) this.outgoing.drop(data.message_id);
      if (data.author !== "customer") this.asked = false;
    }
    if (event === "status") {
      this.status = data;
      if (data.owner !== "bot") this.asked = false;
    }
    this.#change();
  }

  #rest(seconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.addEventListener("wake", () => resolve(clearTimeout(timer)), { once: true });
    });
  }

  #change(state) {
    Object.assign(this, state);
    this.dispatchEvent(new Event("change"));
  }

  #wake = () => this.dispatchEvent(new Event("wake"));

  #onOffline = () => {
    this.#change({ trouble: "connection" });
    this.#stream?.abort();
  };

  #onVisibility = () => {
    clearTimeout(this.#hiding);
    if (document.hidden) {
      this.#hiding = setTimeout(() => {
        this.#paused = true;
        this.#stream?.abort();
      }, HIDDEN);
    } else {
      this.#paused = false;
      this.#wake();
    }
  };

  #onStorage = ({ key, newValue }) => {
    const name = this.kept.name(key);
    if (name === "token" && newValue) {
      this.#token = newValue;
      this.#listen();
    } else if (name?.startsWith(OUT)) {
      this.outgoing.heard(name.slice(OUT.length), newValue);
      this.#mark(parsed(newValue) ?? {});
      this.#change();
    }
  };
}

const retryAfter = (response) => Number(response.headers.get("Retry-After")) || 10;
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

// fetch tells every loss of the connection as a TypeError, a time-out or an abort as a DOMException, and somebody
// else's answer (a hotel's sign-in page) is no JSON.
const isTrouble = (error) => [Trouble, TypeError, DOMException, SyntaxError].some((kind) => error instanceof kind);
const kindOf = (error) => (error instanceof Trouble ? "server" : "connection");
