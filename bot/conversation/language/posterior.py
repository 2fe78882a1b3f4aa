"""Probability of each language before a turn, and after what it said: Bayes' rule, language by language."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.language.likelihood import Likelihoods
from bot.conversation.language_tags import SUPPORTED, base_code, group_of

#: By language, how likely it is; they add up to 1.
Belief = Mapping[str, float]

#: How much likelier a customer is to write a language that the articles are in than another.
_IN_CORPUS = 3.0
#: What a platform's locale is worth. English is what many programs are left in by people who speak something else.
_LOCALE, _LOCALE_ENGLISH = 0.6, 0.4
#: Share of turns in which somebody changes the language.
_CHANGES = 0.06
#: A language we do not speak, beside one that we do: there are many of them, and short texts look like some.
_UNSPOKEN = 0.02
#: Words without which a text is not taken to be in such a language.
_WORDS_UNSPOKEN = 4
#: What the first words of a conversation may weigh beyond what others may (in nats).
_FIRST = 2.0
#: How sure a language is that an earlier turn settled on, where it is not remembered how.
SETTLED = 0.95
#: How much likelier somebody is to write the language of the page that answers them than another.
_MATCH = 4.0


@dataclass(frozen=True, kw_only=True)
class Hints:
    """Signs of a customer's language beside what they wrote."""

    #: The platform's: of the customer's profile, or of the page that the chat is on.
    locale: str | None = None
    #: The languages that the articles are in, by our codes; one or none tells nothing.
    corpus: frozenset[str] = frozenset()


def first_belief(hints: Hints) -> dict[str, float]:
    """Give the probability of each language before anything was said; they sum to 1."""
    belief = _normal(
        {
            code: (_IN_CORPUS if code in hints.corpus else 1.0) / len(group_of(code))
            for code in (*SUPPORTED, *sorted(hints.corpus - set(SUPPORTED)))
        }
    )
    locale = base_code(hints.locale)
    if locale is None:
        return belief
    worth = _LOCALE_ENGLISH if locale == "en" else _LOCALE
    mixed = {language: share * (1 - worth) for language, share in belief.items()}
    return mixed | {locale: mixed.get(locale, 0.0) + worth}


def transition(before: Belief, hints: Hints) -> dict[str, float]:
    """Carry the belief over to the next turn: the language it was, or with a small chance a new beginning."""
    first = first_belief(hints)
    known = sum(before.values())
    left = {language: share / known for language, share in before.items()}
    return {
        language: (1 - _CHANGES) * left.get(language, 0.0) + _CHANGES * first.get(language, 0.0)
        for language in (first | left)
    }


def update(prior: Belief, evidence: Likelihoods, *, is_first: bool = False) -> dict[str, float]:
    """Update the belief by a text; the first words of a conversation contradict nothing and may say more."""
    more = _FIRST if is_first else 0.0
    if not evidence.weights:
        return dict(prior)
    least = min(prior[language] for language in SUPPORTED if language in prior)
    others = evidence.weights if evidence.words >= _WORDS_UNSPOKEN else ()
    shares = dict(prior) | {language: least * _UNSPOKEN for language in others if language not in prior}
    return _normal(
        {language: share * math.exp(evidence.weight(language, more=more)) for language, share in shares.items()}
    )


def update_from_page(belief: Belief, language: str, hints: Hints) -> dict[str, float]:
    """Update the belief by the language of a page that answers; where all pages are in one, that tells nothing."""
    if len(hints.corpus) < 2:
        return dict(belief)
    return _normal({each: share * (_MATCH if each == language else 1.0) for each, share in belief.items()})


def likeliest(belief: Belief) -> tuple[str, float]:
    """The likeliest language and how likely it, or one that cannot be told from it, is."""
    together: dict[frozenset[str], float] = {}
    for language, share in belief.items():
        together[group_of(language)] = together.get(group_of(language), 0.0) + share
    group = max(together, key=lambda each: together[each])
    language = max((each for each in belief if each in group), key=lambda each: belief[each])
    return language, min(together[group], 1.0)


def _normal(shares: Mapping[str, float]) -> dict[str, float]:
    total = sum(shares.values())
    return {language: share / total for language, share in shares.items()}
