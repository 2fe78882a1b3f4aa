"""The decision on a conversation's language, turn by turn."""

from dataclasses import dataclass, field, replace
from typing import Literal

from bot.conversation.language.likelihood import Likelihoods
from bot.conversation.language.posterior import (
    SETTLED,
    Belief,
    Hints,
    first_belief,
    likeliest,
    transition,
    update,
    update_from_page,
)
from bot.conversation.language_tags import SUPPORTED, group_of

#: So few words never change a language that is settled.
FEW_WORDS = 2
#: A language is settled when it is this likely; one that is less likely than `_GUESS` is not even taken for a guess.
_SETTLED_AT, _GUESS = 0.8, 0.3
#: What a turn must hold to speak against a language that the customer asked for, or to be in two at once.
_MANY_WORDS, _MANY_TELLING, _SURE, _TORN = 5, 3, 0.9, 0.3
#: How many languages a receipt remembers, and the least likely of them.
_REMEMBERED, _LEAST = 4, 0.001

#: What settled it: the customer asked for it, what they wrote, what it was before, the platform or the page found.
Basis = Literal["wish", "words", "before", "locale", "match", "corpus"]


@dataclass(frozen=True, kw_only=True)
class LanguageChoice:
    """The language of a conversation after a turn, with what it rests on."""

    #: None where nothing tells.
    language: str | None = None
    is_pinned: bool = False
    ground: Basis = "before"
    #: What the words of the turn alone look like, and how sure that is.
    detected: str | None = None
    probability: float = 0.0
    #: Words that the evidence rests on, and how many of them are among the commonest of a language.
    words: int = 0
    telling: int = 0
    #: What is likely now, the likeliest languages alone; the next turn begins with it.
    belief: Belief = field(default_factory=dict)
    #: The languages that the customer is asked to choose from.
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LanguageState:
    """A conversation's language before a turn."""

    language: str | None = None
    is_pinned: bool = False
    #: What was likely after the last turn, where that is remembered.
    belief: Belief | None = None
    #: Whether the customer was asked for their language before.
    has_asked: bool = False

    @property
    def is_settled(self) -> bool:
        """True when a language is set that is pinned, stands without a belief, or is believed firmly enough."""
        if self.language is None:
            return False
        return self.is_pinned or not self.belief or likeliest(self.belief)[1] >= _SETTLED_AT


def decide_language(
    standing: LanguageState, evidence: Likelihoods, hints: Hints, *, wish: str | None = None
) -> LanguageChoice:
    """The language after a turn: what the customer asked for, else the likeliest by all that is known."""
    heard = _heard(evidence)
    if wish is not None:
        return replace(heard, language=wish, is_pinned=True, ground="wish", belief={wish: 1.0})
    if standing.is_pinned and standing.language:
        return _pinned(standing, standing.language, evidence, hints, heard)
    prior = _prior(standing, hints)
    if standing.is_settled and evidence.words <= FEW_WORDS:
        return replace(heard, language=standing.language, belief=_short(standing.belief or prior))
    belief = update(prior, evidence, is_first=standing.language is None)
    language, likely = likeliest(belief)
    asks = () if standing.has_asked else _ambiguous_pair(belief, evidence)
    if standing.language and likely < 1 / 2:
        return replace(heard, language=standing.language, belief=_short(belief), asks=asks)
    if likely < _GUESS:
        return replace(heard, ground="corpus", belief=_short(belief))
    ground = _ground(language, standing, prior, evidence, hints)
    return replace(heard, language=language, ground=ground, belief=_short(belief), asks=asks)


def settle_by_match(standing: LanguageState, choice: LanguageChoice, match: str, hints: Hints) -> LanguageChoice:
    """The same with the language of the page that answers, which helps where nothing was settled."""
    if standing.is_settled or choice.is_pinned or max(choice.belief.values(), default=0.0) >= _SETTLED_AT:
        return choice
    belief = update_from_page(choice.belief, match, hints)
    language, likely = likeliest(belief)
    if likely < _GUESS or language == choice.language:
        return choice
    return replace(choice, language=language, ground="match", belief=_short(belief))


def _heard(evidence: Likelihoods) -> LanguageChoice:
    alone = update(first_belief(Hints()), evidence, is_first=True)
    detected, probability = likeliest(alone)
    if not evidence.weights:
        return LanguageChoice()
    return LanguageChoice(
        detected=detected, probability=round(probability, 3), words=evidence.words, telling=evidence.telling
    )


def _prior(standing: LanguageState, hints: Hints) -> dict[str, float]:
    if standing.language is None:
        return first_belief(hints)
    return transition(standing.belief or {standing.language: SETTLED}, hints)


def _pinned(
    standing: LanguageState, pin: str, evidence: Likelihoods, hints: Hints, heard: LanguageChoice
) -> LanguageChoice:
    """A language that was asked for stays; who writes a whole text in another is asked once if that still holds."""
    kept = replace(heard, language=pin, is_pinned=True, ground="wish", belief={pin: 1.0})
    other, likely = likeliest(update(transition({pin: SETTLED}, hints), evidence))
    is_long = evidence.words >= _MANY_WORDS and evidence.telling >= _MANY_TELLING
    is_against = is_long and likely >= _SURE and other not in group_of(pin) and other in SUPPORTED
    return replace(kept, asks=(other, pin)) if is_against and not standing.has_asked else kept


def _ambiguous_pair(belief: Belief, evidence: Likelihoods) -> tuple[str, ...]:
    """The two languages between which a long text leaves a doubt."""
    if evidence.words < _MANY_WORDS or evidence.telling < _MANY_TELLING:
        return ()
    first, _ = likeliest(belief)
    others = {language: share for language, share in belief.items() if language not in group_of(first)}
    if not others:
        return ()
    second, likely = likeliest(others)
    return (first, second) if likely >= _TORN and {first, second} <= set(SUPPORTED) else ()


def _ground(language: str, standing: LanguageState, prior: Belief, evidence: Likelihoods, hints: Hints) -> Basis:
    if language == standing.language:
        return "before"
    if evidence.words > FEW_WORDS or likeliest(prior)[0] != language:
        return "words"
    return "locale" if hints.locale else "corpus"


def _short(belief: Belief) -> dict[str, float]:
    likely = sorted(belief.items(), key=lambda each: -each[1])[:_REMEMBERED]
    return {language: round(share, 4) for language, share in likely if share >= _LEAST}
