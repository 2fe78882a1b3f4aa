// What the scripts say, in the language of the page; the English stands where it is said.

const words = JSON.parse(document.querySelector("meta[name=words]").content);

export const _ = (text, values = {}) => (words[text] ?? text).replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);

// The language of the page as it is spoken where the reader lives: that says how times and dates are written.
const language = document.documentElement.lang;
export const locale = navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;
