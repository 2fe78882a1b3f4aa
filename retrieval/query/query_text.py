"""Question of a customer's message: the message without quoted mail, signatures and logs, and how it begins.

Customers write hundreds of words, and an encoder reads the first two hundred; what would push the question out of them,
or outweigh it, is left out. A message of a few sentences is never touched. The rules are about the shape of mail and
of machines' output rather than about what is said, so that they hold in every language.
"""

import re
from collections.abc import Iterator, Sequence

#: Characters of an opening, and up to which a message is a question and nothing else. Measured on forum threads, 200
#: lose what was asked, and from 300 to 600 the differences are within chance.
OPENING = 400
#: Characters of what is left of a message: more than an encoder reads.
LONGEST = 2_000
#: Characters that are looked at; what comes later is hardly the question.
_LOOKED_AT = 20_000
#: Characters that must be left for the message to be more than what was taken out of it ("please see below").
_FEWEST = 20
#: Words that are judged together: a line, or parts of it where a log was pasted without line ends.
_TOGETHER = 12
#: Lines from a line of two dashes to the end, for it to begin a signature and not to divide the message.
_SIGNATURE = 12
#: Characters of a word that stands alone and may be an error's code.
_CODE = 40

#: An address on the web; its host is what people call the site.
_ADDRESS = re.compile(r"(?:https?://|www\.)+([\w.:@-]*)[!-~]*", re.IGNORECASE | re.ASCII)
#: A word only machines write: an assignment, a path, a call, a qualified name, hex with a digit, or one without end.
_MACHINE = re.compile(
    r"\w=|=\w|[\\/][^\\/]*[\\/]|\w::|\w\([^()]*\)|\w\.\w+\.\w|\b(?=[a-f]*\d)(?:0x)?[0-9a-f]{8,}\b|[!-~]{60}",
    re.IGNORECASE,
)
#: How lines of logs and stack traces begin.
_LOGGED = re.compile(
    r"""\W{0,2}\d{4}-\d\d-\d\d[ T]\d\d:\d\d | \W{0,2}(?:[A-Z][a-z]{2}\s+\d+\ )?\d\d:\d\d:\d\d\b
    | Traceback\ \(most | File\ "[^"]*",\ line\ \d | at\ \w[\w.$<>/]*\.[\w$<>]+\s?\( | \#\d+\s+0x
    | \w+@\S+:\d+:\d+$""",
    re.VERBOSE,
)
#: What telephones and mail programs write below a mail, in the languages of most of them.
_SENT_FROM = re.compile(
    r"""(?:sent\ from\ (?:my|mail|outlook|yahoo)|get\ outlook\ for|gesendet\ (?:von|mit)|von\ mein\w+\ \S+\ gesendet
    |envoyé\ (?:de|depuis|à\ partir\ de)\ |enviad[oa]\ (?:de|do|a\ partir)\ |inviato\ da\ |verzonden\ v|verstuurd\ v
    |skickat\ från|sendt\ fra|lähetetty\ |wysłan[eo]\ z|odesláno\ z|отправлено\ с).{0,60}$""",
    re.IGNORECASE | re.VERBOSE,
)
#: The line that mail programs put over a quoted mail: an hour or an address, the word "wrote", a colon at the end.
_WROTE = re.compile(
    r"""(?=.{0,200}(?:\d:\d\d|@)).{0,200}\b(?:wrote|schrieb|schreef|écrit|escribió|escreveu|scritto|skrev|kirjoitti
    |napisał\w?|napsala?|написала?|yazdı|írta)\b[^:]{0,80}:$""",
    re.IGNORECASE | re.VERBOSE,
)
#: The first of the lines that other programs put there, "From: ...", and what those after it look like.
_FROM = re.compile(r"\W{0,2}(?:from|von|de|da|van|från|fra|od|от|lähettäjä|kimden|feladó)\W{0,2}:\W", re.IGNORECASE)
_FIELD = re.compile(r"\W{0,2}[^\W\d]+\W{0,2}:")
_SENT_AT = re.compile(r"@|\d:\d\d")

_SENTENCE_END = re.compile(r"[.!?…]['\")\]]?(?=\s)|[。！？]|\n")
_WORD_END = re.compile(r"\s")


def embedding_texts(message: str) -> tuple[str, ...]:
    """The texts to encode for a message: itself if it is short; else what of it is the question, and how that begins.

    A document's score for the message is the mean of its scores for the views; there is always one.
    """
    asked = clean_query(message)
    return (asked,) if len(asked) <= OPENING else (asked, _cut(asked, OPENING))


def clean_query(message: str) -> str:
    """The text whose words keyword search looks for: the message if it is short, else what of it is the question."""
    text = message.strip()
    if len(text) <= OPENING:
        return text
    text = text[:_LOOKED_AT]
    asked = _without_noise(text)
    return _cut(asked if len(asked) >= _FEWEST else " ".join(text.split()), LONGEST)


def _without_noise(text: str) -> str:
    lines = list(_own_lines(_without_code(text).splitlines()))
    # How a message begins says what it is about, be it an error's name.
    kept = [_own_words(line, spared=_TOGETHER if place == 0 else 0) for place, line in enumerate(lines)]
    return "\n".join(line for line in kept if line)


def _without_code(text: str) -> str:
    """Leave out what stands in fences; a single line there is kept, since it is an error message rather than code."""
    parts = text.split("```")
    last = len(parts) - 1  # opens no fence, or one that is never closed
    return " ".join(part for place, part in enumerate(parts) if place % 2 == 0 or place == last or "\n" not in part)


def _own_lines(lines: Sequence[str]) -> Iterator[str]:
    """The lines that the customer wrote, without quoted mail and what mail programs add."""
    for place, line in enumerate(map(str.strip, lines)):
        if _ends_message(lines, place, line):
            return
        if line and not (line.startswith(">") or _SENT_FROM.match(line) or _WROTE.match(line)):
            yield line


def _ends_message(lines: Sequence[str], place: int, line: str) -> bool:
    """True when a signature begins here, or a mail that is quoted without a mark on each of its lines."""
    if line == "--":
        return len(lines) - place <= _SIGNATURE
    if _FROM.match(line):
        fields = [field.strip() for field in lines[place : place + 3]]
        return len(fields) == 3 and all(map(_FIELD.match, fields)) and any(map(_SENT_AT.search, fields))
    if _WROTE.match(line):
        following = next((later.strip() for later in lines[place + 1 : place + 4] if later.strip()), ">")
        return not following.startswith(">")
    return False


def _own_words(line: str, *, spared: int) -> str:
    """A line, hosts for addresses, without the parts after its first `spared` words that are mostly no words."""
    if not spared and _LOGGED.match(line):
        return ""
    words = _ADDRESS.sub(r"\1", line).split()
    parts = [words[start : start + _TOGETHER] for start in range(0, len(words), _TOGETHER)]
    return " ".join(
        word for place, part in enumerate(parts) if place * _TOGETHER < spared or _is_said(part) for word in part
    )


def _is_said(part: Sequence[str]) -> bool:
    """True when a person wrote these words: at least half of them, signs apart, are such as people write."""
    if len(part) == 1 and len(part[0]) <= _CODE:
        return any(map(str.isalnum, part[0]))
    words = [word for word in part if any(map(str.isalnum, word))]
    return bool(words) and 2 * sum(map(_is_word, words)) >= len(words)


def _is_word(word: str) -> bool:
    """True when people write such a word; other scripts' letters, with the marks on them, are never taken for noise."""
    others = sum(character < "\x80" and not character.isalpha() for character in word)
    return 2 * others < len(word) and not _MACHINE.search(word)


def _cut(text: str, length: int) -> str:
    """About the first `length` characters: up to the end of a sentence, or else of a word, in their second half."""
    if len(text) <= length:
        return text
    for end in (_SENTENCE_END, _WORD_END):
        places = [found.end() for found in end.finditer(text, length // 2, length)]
        if places:
            return text[: places[-1]].strip()
    return text[:length]
