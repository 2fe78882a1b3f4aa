"""Likelihood of a text in each language, and how much that weighs."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.conversation.language.common_words import common_words, speakers
from bot.conversation.language_tags import GROUPS, SUPPORTED, base_code
from bot.conversation.text.intents import small_talk_languages
from retrieval import clean_query

#: What a common word weighs (in nats) against each language that does not have it, beside the detector.
WORD = 2.0
#: The same for a language whose common words are not listed.
WORD_UNLISTED = 1.0
#: The most that a text can say against any language (in nats): for each common word, and for each other word.
TELLING, PLAIN = 1.0, 0.4
#: The least a detector is taken to give a language: it is never that sure.
_FLOOR = 1e-4
#: How likely a detector must find a language that we do not speak for it to count.
_NOTABLE = 0.01
#: Between languages of a group, a detector's opinion counts by this power.
_WITHIN_GROUP = 0.5

#: Letters for a word, where words have no spaces between them; the last letter of the Latin blocks.
_LETTERS, _LAST_LATIN = 3, "\u024f"

_NOT_SAID = re.compile(
    r"```.*?```|`[^`]*`|(?:https?://|www\.)\S+|\S+@\S+\.\S+|^\s*>.*$|^\s*/\w+.*$|\S*[\\/_=<>{}|]\S*|\S*\d\S*",
    re.DOTALL | re.MULTILINE,
)
_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|»[^«]*«|”[^”]+”|\"[^\"]+\"|(?<!\w)'[^']+'(?!\w)|‘[^’]*’(?!\w)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_WORD_LETTER = re.compile(r"\w")
_SENTENCE_ENDS = frozenset(".!?…:\n")


class Detector(Protocol):
    """Anything that guesses a language by the letters of a text."""

    def probabilities(self, text: str) -> Mapping[str, float]:
        """Probability of each language if all were as likely before, by its code; empty if it cannot tell.

        It never raises and says the same of the same text.
        """


@dataclass(frozen=True, kw_only=True)
class Likelihoods:
    """Evidence of a text for each language, with the number of words it rests on."""

    #: Words that belong to a language; names, codes, numbers, addresses, emoji and quotations do not.
    words: int = 0
    #: Those of them that are among the commonest of some language.
    telling: int = 0
    #: By language, the logarithm of how well it explains the text beside the best of those that we speak.
    weights: Mapping[str, float] = field(default_factory=dict)

    def weight(self, language: str, *, more: float = 0.0) -> float:
        """Log-odds in nats that the text gives a language, bounded by its number of words; `more` raises the bound."""
        limit = TELLING * self.telling + PLAIN * (self.words - self.telling) + more
        if not self.weights or not limit:
            return 0.0
        return limit * math.tanh(self.weights.get(language, -math.inf) / limit)


def evidence_in(text: str, detector: Detector) -> Likelihoods:
    """Weigh the words of a text that are the customer's own."""
    said = _said(text)
    words = [match for match in _WORD.finditer(said) if not _is_name(said, match)]
    if not words:
        return Likelihoods()
    lower = [word[0].replace("’", "'").casefold() for word in words]
    greeted = small_talk_languages(text)
    heard = [greeted] * len(words) if greeted else speakers(lower)
    if in_script := _letters_of_other_scripts(said):
        # Their letters alone tell much, and not all of them put spaces between words.
        words_told = telling = max(len(words), in_script // _LETTERS)
    else:
        words_told, telling = len(words), min(len(heard), len(words))
    # What a greeting's letters look like is nothing beside the languages that have it.
    weights = dict.fromkeys(SUPPORTED, 0.0) if greeted else _guessed(detector, " ".join(said.split()))
    for languages in heard:
        for language in weights:
            if language not in languages:
                weights[language] -= WORD if language in SUPPORTED else WORD_UNLISTED
    best = max(weights[language] for language in SUPPORTED)
    return Likelihoods(
        words=words_told,
        telling=telling,
        weights={language: weight - best for language, weight in weights.items()},
    )


def _said(text: str) -> str:
    """A text without what the customer does not say: code, addresses, numbers and what they quote."""
    return _QUOTED.sub(" ", _NOT_SAID.sub(" ", clean_query(text)))


def _letters_of_other_scripts(text: str) -> int:
    """Count the letters that are not Latin; 0 where they are not most of the letters."""
    letters = [character for character in text if character.isalpha()]
    others = sum(character > _LAST_LATIN for character in letters)
    return others if 2 * others > len(letters) else 0


def _is_name(text: str, word: re.Match[str]) -> bool:
    """True when a word looks like a name or a code: capitals where no sentence begins, or a capital within it."""
    letters = word[0]
    if letters.replace("’", "'").casefold() in common_words():
        return False
    if letters[1:] != letters[1:].lower():
        return not text.isupper()
    return letters[0].isupper() and not _begins_sentence(text, word.start())


def _begins_sentence(text: str, place: int) -> bool:
    """True when nothing but signs stands between a place and the end of the sentence before it."""
    while place > 0 and not _WORD_LETTER.match(text[place - 1]):
        place -= 1
        if text[place] in _SENTENCE_ENDS:
            return True
    return place == 0


def _guessed(detector: Detector, text: str) -> dict[str, float]:
    """The logarithms of a detector's probabilities, its languages by our codes; all are alike if it cannot tell."""
    guessed: dict[str, float] = dict.fromkeys(SUPPORTED, _FLOOR)
    for code, probability in detector.probabilities(text).items():
        language = base_code(code)
        if language is not None and (language in guessed or probability >= _NOTABLE):
            guessed[language] = max(guessed.get(language, 0.0), probability, _FLOOR)
    for group in GROUPS:
        whole = sum(guessed[language] for language in group)
        roots = {language: guessed[language] ** _WITHIN_GROUP for language in group}
        for language, root in roots.items():
            # Each member has the whole group's share, less what tells it from the likeliest of the group.
            guessed[language] = whole * root / max(roots.values())
    return {language: math.log(probability) for language, probability in guessed.items()}
