"""Decision on a search, as a pure function of probabilities and a few settings.

`ask`, `evaluate`, `diff` and the bot all decide by `decide`; nothing else says what a customer gets of a search.
"""

from dataclasses import dataclass
from typing import Final, Literal

#: Answer word for word; suggest one page as a guess; ask which of a few is meant; hand over to a person.
Decision = Literal["answer", "suggest", "clarify", "escalate"]
DECISIONS: Final[tuple[Decision, ...]] = ("answer", "suggest", "clarify", "escalate")

#: The most pages that a customer chooses from, and the most that are shown beside a person.
CHOICES: Final = 4
BESIDE: Final = 2


@dataclass(frozen=True, kw_only=True)
class DecisionSettings:
    """From which probability on a page is worth a customer's time; each 0 to 1."""

    #: Suggest the first page where it answers with this probability, or a larger one.
    suggest_at: float = 0.5
    #: Ask which is meant where one of the first CHOICES pages answers with this probability.
    clarify_at: float = 0.4
    #: Claim nothing, by an answer or a suggestion, where the corpus answers the question at all with less than this.
    in_scope_at: float = 0.7
    #: Show the first BESIDE pages with a hand-over where one of them answers with this probability.
    beside_at: float = 0.25
    #: Answer plainly only where labelled questions promise the budget, instead of where it is expected to be kept.
    promised_only: bool = False
    #: Answer plainly by what nobody has confirmed, too, where the company has pages of its own.
    unconfirmed_answers: bool = False


DEFAULTS: Final = DecisionSettings()


@dataclass(frozen=True, kw_only=True)
class Chances:
    """Calibrated probabilities, 0 to 1: that the first page answers, one of the first BESIDE, one of CHOICES."""

    first: float
    beside: float
    choices: float
    #: That the corpus answers the question at all.
    answerable: float = 1.0


def decide(
    chances: Chances,
    settings: DecisionSettings,
    *,
    threshold: float,
    pages: int,
    same_words: int = 0,
    may_answer: bool = True,
) -> Decision:
    """The decision on a search that found so many pages a customer can tell apart.

    threshold: the probability from which on the first page is a plain answer; above 1 for never. same_words: how many
    pages are called, or known to be asked for, by just the words of the question: one is answered whatever else speaks,
    several are a choice. may_answer: False where the first page must not be a plain answer, however likely it is; it is
    suggested then.
    """
    is_choice = same_words > 1 and pages > 1
    is_named = same_words > 0 and not is_choice
    if not pages:
        return "escalate"
    is_in_scope = chances.answerable >= settings.in_scope_at
    if may_answer and not is_choice and (is_named or (is_in_scope and chances.first >= threshold)):
        return "answer"
    if is_choice:
        return "clarify"
    if is_named or (is_in_scope and chances.first >= min(settings.suggest_at, threshold)):
        return "suggest"
    if chances.choices >= settings.clarify_at and (pages > 1 or is_in_scope):
        return "clarify" if pages > 1 else "suggest"
    return "escalate"
