// What the widget itself says. English comes with it; any other language is a file in ../words.
const counted = (language, count, forms) => `${count} ${forms[new Intl.PluralRules(language).select(count)] ?? forms.other}`;

const FETCHED = ["da", "de", "es", "fi", "fr", "it", "nb", "nl", "pl", "pt", "sv"];

const ENGLISH = {
  locale: "en-GB",
  title: "Help",
  greeting: "Ask in your own words. You get the answer from our help pages and see where it is from.",
  suggestions: "Examples",
  open: "Open the chat",
  close: "Close the chat",
  unread: (count) => (count === 1 ? "1 new message" : `${count} new messages`),
  log: "Conversation",
  write: "Write a message",
  send: "Send",
  you: "You",
  assistant: "Assistant",
  colleague: "A colleague",
  withBot: "You are talking to the assistant",
  inQueue: "Waiting for a colleague",
  withAgent: (name) => `${name} is here`,
  looking: "Looking it up…",
  human: "Talk to a human",
  asking: "Asking for a colleague…",
  meanwhile: "You can go on writing while you wait.",
  choices: "Choices",
  wasHelped: "You marked this as helpful.",
  wasNotHelped: "You marked this as not helpful.",
  refused: "This message could not be taken. Please change it and try again.",
  sending: "Sending…",
  notSent: "Not sent yet.",
  tryNow: "Try now",
  trouble: "No connection. Your messages are kept and sent when it is back.",
  failing: "Something is wrong on our side. Your messages are kept and sent when it works again.",
  busy: (seconds) => `Many messages at once. The next one is sent in ${seconds} s.`,
  newMessages: "New messages",
  newTab: "(opens in a new tab)",
};

// The words for a language: English ones are at hand, others come from the server, as a promise.
const wordsFor = (language, server) => {
  const code = codeOf(language);
  if (!FETCHED.includes(code)) return inRegion("en", ENGLISH);
  return import(`${server}widget/${code}.js`).then(
    (fetched) => inRegion(code, { ...ENGLISH, ...fetched.default(counted) }),
    () => ENGLISH,
  );
};

// Dates and times are written as in the browser's region, where that speaks the same language.
const inRegion = (code, words) => (codeOf(navigator.language) === code ? { ...words, locale: navigator.language } : words);

// Norwegian is written in two ways, and browsers have a third name for both.
const codeOf = (language) => {
  const code = (language ?? "").slice(0, 2).toLowerCase();
  return code === "no" || code === "nn" ? "nb" : code;
};
