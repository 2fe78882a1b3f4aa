"""Two trusted documents that say different things about the same question.

A conservative test on words, not an understanding of texts: of each document only the sentences count that hold the
question's words, two sentences are compared only if both hold the same of these and mostly the same words, and they
differ only in numbers with the same unit, in dates, or in a "not" where the question wants a yes or no.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from bot.conversation.questions import sentences
from bot.conversation.words import content_words
from retrieval.search import Candidate, Found

#: How far the second's score may be below the first's for the two to be rivals.
NEAR = 0.1
#: Share of the shorter sentence's words that the other must have, to compare their numbers, and their yes or no.
_SAME_MATTER, _SAME_WORDS = 0.6, 0.75

_NUMBERS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "fourteen": "14", "thirty": "30", "en": "1", "ett": "1", "två": "2",
    "tre": "3", "fyra": "4", "fem": "5", "sex": "6", "sju": "7", "åtta": "8", "nio": "9", "tio": "10", "tolv": "12",
}  # fmt: skip
_UNITS = {
    "minute": "minutes? min minuter minut",
    "hour": "hours? h timm(?:e|ar)",
    "day": "days? dag(?:ar)?",
    "week": "weeks? veck(?:a|or)",
    "month": "months? månad(?:er)?",
    "year": "years? yrs? år",
    "second": "seconds? sek(?:und(?:er)?)?",
    "percent": "% percent procent",
    "krona": "kr sek kronor",
    "euro": "€ eur euros?",
    "dollar": r"\$ usd dollars?",
    "pound": "£ gbp pounds?",
    "metre": "m met(?:re|er)s? meter",
    "watt": "w watts?",
    "time": "times gånger",
    "device": "devices enheter",
}
_UNIT_NAMES = [(name, re.compile(rf"(?:{'|'.join(forms.split())})\Z")) for name, forms in _UNITS.items()]
_NUMBER = rf"\d+(?:[.,]\d+)?|(?:{'|'.join(_NUMBERS)})(?=\s)"
_QUANTITY = re.compile(
    rf"\b(?P<number>{_NUMBER})[ \u00a0-]?(?P<kind>working|business|calendar|arbets|vardags)?[ -]?"
    rf"(?P<unit>{'|'.join(f'(?:{form})' for forms in _UNITS.values() for form in forms.split())})(?!\w)"
)
_MONTH = (
    "jan(?:uary|uari)?|feb(?:ruary|ruari)?|mar(?:ch|s)?|apr(?:il)?|ma[yj]|jun[ei]?|jul[yi]?|aug(?:ust|usti)?|"
    "sep(?:tember)?|o[ck]t(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DATE = re.compile(
    rf"\b(?:(?P<iso>\d{{4}}-\d\d-\d\d)|(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{_MONTH})\b"
    rf"|(?P<month2>{_MONTH}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b)"
)
_AMOUNT = content_words("long much many often far late soon länge mycket många ofta långt sent snart")
_NOT = re.compile(r"\b(?:not|no|never|cannot|\w+n['’]t|inte|ej|aldrig|ingen|inget|inga)\b", re.IGNORECASE)
_YES_OR_NO = re.compile(
    r"(?:can|could|may|is|are|do|does|did|will|would|has|have|should|am|kan|får|är|har|går|finns|ska|måste|behöver)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """Two documents and what each says."""

    titles: tuple[str, str]
    said: tuple[str, str]

    @property
    def words(self) -> str:
        """For an agent."""
        (one, other), (this, that) = self.titles, self.said
        return f"“{one}” says: {this}\n“{other}” says: {that}"


def contradiction(question: str, found: Found) -> Contradiction | None:
    """What the two best documents say differently, if both are trusted, near in score and would be believed."""
    if len(found.candidates) < 2 or max(found.confidence, found.among_first) < found.threshold:
        return None
    one, other = found.candidates[:2]
    if other.score < one.score - NEAR or not (_is_trusted(one) and _is_trusted(other)):
        return None
    if one.language and other.language and one.language != other.language:
        return None
    for this in _sentences_about(question, one):
        for that in _sentences_about(question, other):
            if _answers_as(question, this, that) and _differ(question, this, that):
                return Contradiction(titles=(one.title, other.title), said=(this, that))
    return None


def _is_trusted(candidate: Candidate) -> bool:
    return candidate.kind != "answer" or candidate.confirmed


def _sentences_about(question: str, candidate: Candidate) -> list[str]:
    wanted = _wanted(question)
    return [
        sentence
        for sentence in sentences(candidate.text)
        if wanted and len(wanted & content_words(sentence)) >= min(2, len(wanted))
    ]


def _wanted(question: str) -> frozenset[str]:
    """The words of a question that a sentence which answers it holds: not those that ask for an amount."""
    return content_words(question) - _AMOUNT


def _answers_as(question: str, this: str, that: str) -> bool:
    """Whether two sentences are about the same part of the question: about the card and about the bank are two."""
    wanted = _wanted(question)
    return wanted & content_words(this) == wanted & content_words(that)


def _differ(question: str, this: str, that: str) -> bool:
    shared = _shared(this, that)
    if shared < _SAME_MATTER:
        return False
    ours, theirs = _values(this), _values(that)
    common = ours.keys() & theirs.keys()
    if common:
        return any(ours[unit].isdisjoint(theirs[unit]) for unit in common)
    if shared < _SAME_WORDS or not _YES_OR_NO.match(sentences(question)[-1]):
        return False
    return bool(_NOT.search(this)) != bool(_NOT.search(that))


def _shared(this: str, that: str) -> float:
    """Share of the shorter sentence's words that the other has too; 0 if it has only one."""
    ours, theirs = _matter(this), _matter(that)
    fewest = min(len(ours), len(theirs))
    return len(ours & theirs) / fewest if fewest >= 2 else 0.0


def _matter(sentence: str) -> frozenset[str]:
    """What a sentence is about, whatever it says of it."""
    plain = _NOT.sub(" ", _DATE.sub(" ", _QUANTITY.sub(" ", sentence.casefold())))
    return frozenset(word for word in content_words(plain) if not word.isdecimal())


def _values(sentence: str) -> dict[str, set[str]]:
    """The numbers of a sentence by their unit, and its dates."""
    values: defaultdict[str, set[str]] = defaultdict(set)
    text = sentence.casefold()
    for found in _QUANTITY.finditer(text):
        number = _NUMBERS.get(found["number"], found["number"]).replace(",", ".")
        values[f"{found['kind'] or ''} {_unit(found['unit'])}"].add(number)
    for found in _DATE.finditer(text):
        day, month = found["day"] or found["day2"], found["month"] or found["month2"]
        values["date"].add(found["iso"] or f"{int(day)} {month[:3]}")
    return values


def _unit(written: str) -> str:
    return next(name for name, forms in _UNIT_NAMES if forms.match(written))
