// What this browser keeps for one server: the token, how far was read, and what is not delivered yet.
// Where storage is denied or full it keeps the same for as long as the page lives.
class Kept {
  #prefix;
  #memory = new Map();

  constructor(server) {
    this.#prefix = `answerdesk ${server} `;
  }

  get(name) {
    try {
      return localStorage.getItem(this.#prefix + name) ?? this.#memory.get(name) ?? null;
    } catch {
      return this.#memory.get(name) ?? null;
    }
  }

  set(name, value) {
    try {
      localStorage.setItem(this.#prefix + name, value);
    } catch {
      this.#memory.set(name, value);
    }
  }

  remove(name) {
    this.#memory.delete(name);
    try {
      localStorage.removeItem(this.#prefix + name);
    } catch {
      // Nothing was stored.
    }
  }

  names() {
    try {
      return Object.keys(localStorage).map((key) => this.name(key)).filter(Boolean);
    } catch {
      return [];
    }
  }

  // The name behind a key of localStorage, if it is one of ours.
  name(key) {
    return key?.startsWith(this.#prefix) ? key.slice(this.#prefix.length) : null;
  }
}

const OUT = "out ";
const DAY = 24 * 3600 * 1000;

// Messages and presses on their way, oldest first. Each has its own key, so that tabs do not overwrite each other.
// A message stays here until the server has shown it to us, and keeps its id, so sending it again does no harm.
class Outgoing {
  #kept;
  #items = new Map();

  constructor(kept) {
    this.#kept = kept;
    for (const name of kept.names().filter((each) => each.startsWith(OUT))) {
      const item = parsed(kept.get(name));
      if (!item || (item.sent && Date.now() - item.at > DAY)) kept.remove(name);
      else this.#items.set(item.id, item);
    }
  }

  all() {
    return [...this.#items.values()].sort((one, other) => one.at - other.at);
  }

  next() {
    return this.all().find((item) => !item.sent);
  }

  put(item) {
    this.#items.set(item.id, item);
    this.#kept.set(OUT + item.id, JSON.stringify(item));
  }

  drop(id) {
    if (this.#items.delete(id)) this.#kept.remove(OUT + id);
  }

  // Another tab put or dropped an item.
  heard(id, value) {
    const item = parsed(value);
    if (item) this.#items.set(id, item);
    else this.#items.delete(id);
  }
}

function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const digits = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0"));
  return digits.join("").replace(/(.{8})(.{4}).(.{3}).(.{3})(.{12})/, "$1-$2-4$3-8$4-$5");
}
