"""Sentences for the figures, in words that a maintainer can say to somebody who has never heard of any of this."""

from typing import Final

from retrieval.evaluation.predictions import Score
from retrieval.evaluation.report.comparison import Comparison
from retrieval.scoring.thresholds import CONFIDENCE_LEVEL, incomplete_beta, labels_needed

#: What each feature of a search says.
FEATURE_WORDS: Final = {
    "score": "Score of the first document",
    "margin": "Lead over the second",
    "lift": "Lead over the mean of the others",
    "spread": "Lead over the fourth",
    "dense": "Likeness in meaning",
    "lexical": "Words in common (root of their share)",
    "topic": "Support for its topic",
    "near": "How usual such a question is here",
}
DECISIONS: Final = {"answer": "answered", "suggest": "suggested", "clarify": "asked back", "escalate": "handed over"}
#: Changes that chance makes more often than this show nothing.
_LIKELY: Final = 0.05


def percent(share: float | None) -> str:
    """A share for people, on one line: 20 %, 3.8 %; never 0 % or 100 % where it is not."""
    if share is None:
        return "–"
    if 0 < share < 0.0005:
        return "<\u00a00.1\u00a0%"
    if 0.9995 <= share < 1:
        return ">\u00a099.9\u00a0%"
    return f"{share * 100:.1f}".removesuffix(".0") + "\u00a0%"


def points(difference: float | None) -> str:
    """A difference of shares in percentage points, with its sign."""
    if difference is None:
        return "–"
    if abs(difference) < 0.0005:
        return "±0"
    return f"{difference * 100:+.1f}".replace("-", "−")


def refusal(budget: float, *, refused: int, questions: int) -> str:
    """Say why so many of the questions are not answered however sure it is, and what would change it."""
    nothing = (
        "nothing is answered" if refused == questions else f"{refused} of the {questions} questions are handed over"
    )
    return (
        f"What was seen of this corpus cannot promise a budget of {budget:.1%} for customers who ask like this, "
        f"so {nothing}. It takes at least {labels_needed(budget)} labelled questions (reindex --labels) that are "
        "surely answered without a mistake, or a larger budget."
    )


def headline(score: Score, *, budget: float, threshold: float, is_calibrated: bool) -> str:
    """Sum an evaluation up in a sentence or two."""
    asked = "The one question is" if score.questions == 1 else f"Of {score.questions} questions"
    if score.answered == 0:
        none = "not answered" if score.questions == 1 else "none is answered"
        if not is_calibrated:
            why = f"None was sure enough: so few documents keep a budget of {percent(budget)} by being very sure alone."
        elif threshold > 1:
            needed = f"at least {labels_needed(budget)} labelled questions that it would answer without a mistake"
            promise = f"a budget of {percent(budget)} cannot be promised yet"
            return f"{asked} {none} at once: {promise}. That takes {needed}, or a larger budget."
        else:
            why = f"None was sure enough to keep the budget of {percent(budget)}."
        return f"{asked} {none} at once. {why}"
    answered = "answered" if score.questions == 1 else f"{percent(score.answered)} are answered"
    wrong = score.wrong_among_answered or 0.0
    mistakes = f"{percent(wrong)} of them wrongly" if wrong else "none of them wrongly"
    kept = "kept" if wrong <= budget else "overrun"
    return f"{asked} {answered} at once, {mistakes}; the budget of {percent(budget)} is {kept}."


def helped(score: Score) -> list[str]:
    """Say in sentences what customers got to see; none where there is nothing to tell."""
    told = []
    if score.helped is not None:
        at_once = f"{percent(score.helped_at_once)} at once, by an answer or a suggestion"
        told.append(
            f"Of the questions that have an answer, {percent(score.helped)} were shown the page before a person: "
            f"{at_once}, the others by a choice."
        )
    if score.bothered is not None:
        told.append(f"Of the suggestions, {percent(score.bothered)} were another page than the right one.")
    if score.in_vain is not None:
        told.append(f"Of the choices, {percent(score.in_vain)} did not hold the right page.")
    if score.beside_hand_over:
        told.append(f"Of the hand-overs that have an answer, {percent(score.beside_hand_over)} show its page beside.")
    if score.claimed_out_of_scope is not None:
        claimed = percent(score.claimed_out_of_scope)
        told.append(f"Of the questions that no page answers, {claimed} got an answer or a suggestion.")
    if score.right_section is not None:
        told.append(f"The passage shown stands under the right heading in {percent(score.right_section)} of cases.")
    return told


def likely(*, answers: int, wrong: int, at_most: float | None, budget: float) -> str:
    """Say what the answers given show of all answers to come."""
    if at_most is None:
        return "Nothing was answered, so these questions say nothing of wrong answers."
    given = "1 answer" if answers == 1 else f"{answers} answers"
    shown = f"{wrong} of {given} wrong"
    sure = f"with {percent(CONFIDENCE_LEVEL)} certainty at most {percent(at_most)} of such answers are"
    if at_most <= budget:
        return f"{shown}: {sure}, which is within the budget."
    if wrong / answers > budget:
        by_chance = percent(incomplete_beta(wrong, answers - wrong + 1, budget))
        return f"{shown}: {sure}. If the budget were just kept, as many would be wrong with a chance of {by_chance}."
    return (
        f"{shown}: {sure}. To show that the budget of {percent(budget)} is kept takes more than that: "
        f"at least {labels_needed(budget)} answers, none of them wrong."
    )


def changed(change: Comparison, budget: float) -> list[str]:
    """By how much another snapshot is better or worse, in sentences."""
    before, after = change.score_before, change.score_after

    def instead(name: str) -> str:
        now, then = getattr(after, name), getattr(before, name)
        return percent(now) if now == then else f"{percent(now)} instead of {percent(then)}"

    sentences = [f"At the same budget of {percent(budget)}, {instead('answered')} of the questions are answered."]
    if change.wrong_among_answered is not None:
        sentences.append(f"Of the answers {instead('wrong_among_answered')} are wrong.")
    elif after.wrong_among_answered is not None:
        sentences.append(f"Of the answers {percent(after.wrong_among_answered)} are wrong; before there were none.")
    elif before.wrong_among_answered is not None:
        sentences.append(f"Of the answers before, {percent(before.wrong_among_answered)} were wrong.")
    if after.helped is not None and before.helped is not None:
        sentences.append(f"Of those that have an answer, {instead('helped')} are shown the page before a person.")
    if change.accuracy_at_1 is not None:
        right = instead("accuracy_at_1")
        sentences.append(f"The first document is right for {right} of the questions that have an answer.")
    moved = f"It became right for {change.became_right} and wrong for {change.became_wrong}"
    if not change.became_right + change.became_wrong:
        return [*sentences, "It is as right or wrong as before for every single question."]
    if change.chance > _LIKELY:
        return [*sentences, f"{moved}, which may be chance (p = {change.chance:.2g})."]
    return [*sentences, f"{moved}, which is hardly chance (p = {change.chance:.2g})."]
