"""Two trusted documents that say different things about the same question.

A conservative test on words, not an understanding of texts: of each document only the sentences count that hold the
question's words, two sentences are compared only if both hold the same of these and mostly the same words, and they
differ only in numbers with the same unit, in dates, or in a "not" where the question wants a yes or no.
"""

from dataclasses import dataclass
from functools import cache

from bot.conversation.language_tags import base_code
from bot.conversation.text.quantities import figures_of
from bot.conversation.text.questions import sentences
from bot.conversation.text.search_terms import content_words
from retrieval import Candidate, SearchResult, stems

#: How far the second's score may be below the first's for the two to be rivals.
NEAR = 0.1
#: Share of the shorter sentence's words that the other must have, to compare their numbers, and their yes or no.
_SAME_MATTER, _SAME_WORDS = 0.6, 0.75

#: Words of questions that ask for an amount, in all our languages.
_AMOUNT = (
    "long much many often far late soon länge mycket många ofta långt sent snart lang lange viel viele oft weit "
    "spät bald tiempo mucho muchos muchas veces temps longtemps souvent beaucoup længe meget mange lenge mye ofte "
    "langt tempo molto molti molte spesso muito muitos muitas vezes veel vaak ver kauan paljon usein pitkään "
    "monta długo dużo wiele często daleko"
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


def contradiction(question: str, found: SearchResult) -> Contradiction | None:
    """Find a contradiction of the two best documents, if both are trusted, near in score and would be believed."""
    if len(found.candidates) < 2 or max(found.confidence, found.among_first) < found.threshold:
        return None
    one, other = found.candidates[:2]
    if other.score < one.score - NEAR or not (_is_trusted(one) and _is_trusted(other)):
        return None
    if one.language and other.language and one.language != other.language:
        return None
    language = one.language or other.language
    for this in _sentences_about(question, one, language):
        for that in _sentences_about(question, other, language):
            if _answers_as(question, this, that, language) and _differ(question, this, that, language):
                return Contradiction(titles=(one.title, other.title), said=(this, that))
    return None


def _is_trusted(candidate: Candidate) -> bool:
    return candidate.kind != "answer" or candidate.confirmed


def _sentences_about(question: str, candidate: Candidate, language: str | None) -> list[str]:
    wanted = _wanted(question, language)
    return [
        sentence
        for sentence in figures_of(language).joined(sentences(candidate.text))
        if wanted and len(wanted & _content(sentence, language)) >= min(2, len(wanted))
    ]


def _wanted(question: str, language: str | None) -> frozenset[str]:
    """The words of a question that a sentence which answers it holds: not those that ask for an amount."""
    return _content(question, language) - _amount(language)


@cache
def _amount(language: str | None) -> frozenset[str]:
    return frozenset(stems(_AMOUNT, _stemmed_as(language)))


def _content(text: str, language: str | None) -> frozenset[str]:
    return content_words(text, language=_stemmed_as(language))


def _stemmed_as(language: str | None) -> str:
    return base_code(language) or "en"


def _answers_as(question: str, this: str, that: str, language: str | None) -> bool:
    """True when two sentences are about the same part of the question: about the card and about the bank are two."""
    wanted = _wanted(question, language)
    return wanted & _content(this, language) == wanted & _content(that, language)


def _differ(question: str, this: str, that: str, language: str | None) -> bool:
    figures = figures_of(language)
    shared = _shared(figures.without(this), figures.without(that), language)
    if shared < _SAME_MATTER:
        return False
    ours, theirs = figures.values(this), figures.values(that)
    common = ours.keys() & theirs.keys()
    if common:
        return any(ours[unit].isdisjoint(theirs[unit]) for unit in common)
    if shared < _SAME_WORDS or not figures.wants_yes_or_no(sentences(question)[-1]):
        return False
    return figures.denies(this) != figures.denies(that)


def _shared(this: str, that: str, language: str | None) -> float:
    """Share of the shorter sentence's words that the other has too; 0 if it has only one."""
    ours, theirs = _matter(this, language), _matter(that, language)
    fewest = min(len(ours), len(theirs))
    return len(ours & theirs) / fewest if fewest >= 2 else 0.0


def _matter(plain: str, language: str | None) -> frozenset[str]:
    """Content words of a sentence without its numbers: its matter, whatever it says of it."""
    return frozenset(word for word in _content(plain, language) if not word.isdecimal())
