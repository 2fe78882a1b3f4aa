import math

from bot.conversation.language.decision import Basis, LanguageChoice
from bot.conversation.receipt import CaseEffect, DecisionName, Erasure, Part, Reason, Receipt
from bot.i18n import gettext_noop
from retrieval import Candidate

WHY: dict[Reason, str] = {
    "asked": gettext_noop("The customer asked for a human."),
    "unsure": gettext_noop("The bot's best answer was not sure enough to be given."),
    "unclear": gettext_noop("The bot asked which of a few pages was meant, and the reply did not settle it."),
    "nothing_found": gettext_noop("Nothing in the articles came close to the question."),
    "contradiction": gettext_noop("Two trusted pages say different things about this."),
    "partial": gettext_noop("The message held several questions, and the bot was not sure of all of them."),
    "repeated": gettext_noop("The customer asked again what the bot had answered before."),
    "not_helped": gettext_noop("The customer said that the answer did not help."),
    "upset": gettext_noop("The customer was upset."),
    "attachment": gettext_noop("The customer sent a file, and the bot cannot read files."),
    "failed": gettext_noop("Something went wrong inside the bot each time it tried."),
    "unavailable": gettext_noop("The bot could not search when the question came."),
    "undelivered": gettext_noop(
        "A message could not be delivered to the customer, or the channel's budget holds it back."
    ),
    "language": gettext_noop("The customer writes in a language that the bot cannot answer in."),
    "forget": gettext_noop("The customer wants their data deleted."),
}
DID: dict[DecisionName, str] = {
    "answer": "It answered.",
    "suggest": "It suggested a page, as a guess.",
    "clarify": "It asked which of a few pages was meant.",
    "partial": "It answered or suggested a part and handed the rest over to a person.",
    "step": "It gave the next step of a procedure.",
    "offer": "It offered a human.",
    "escalate": "It handed over to a person.",
    "add": "It added this to the case.",
    "social": "It said something social.",
}
#: What was done with pages that the customer got to see as guesses.
OFFERED: dict[DecisionName, str] = {
    "suggest": "suggested",
    "partial": "suggested",
    "escalate": "shown beside",
    "add": "shown beside",
}
#: What a turn meant for a case that waited.
CASE: dict[CaseEffect, str] = {
    "waits": "A case waited for an agent meanwhile.",
    "joined": "A case waited for an agent already: what is open belongs to it.",
    "withdrawn": "A case waited for an agent. The customer needs nobody any more, and it was closed.",
}
GROUNDS: dict[Basis, str] = {
    "wish": "which the customer asked for",
    "words": "by what the customer wrote",
    "before": "as before",
    "locale": "by the platform's locale",
    "match": "by the page that answers",
    "corpus": "by the languages of the articles",
}


def explain(receipt: Receipt) -> list[str]:
    """A receipt in words, a line each: what was asked, decided, found and needed."""
    lines = [*_asked(receipt), *_language(receipt.language_choice), DID[receipt.decision]]
    if receipt.reason:
        lines.append(WHY[receipt.reason])
    if receipt.detail:
        lines.append(receipt.detail)
    if receipt.case:
        lines.append(CASE[receipt.case])
    if receipt.said == "solved":
        lines.append("The customer said that the matter is settled.")
    if receipt.chosen:
        lines.append(f"The customer chose the page {receipt.chosen}.")
    if receipt.step:
        lines.append(f"Step {receipt.step}.")
    lines += [*_reading(receipt), *_chances(receipt), *map(_part, receipt.parts)]
    for place, candidate in enumerate(receipt.candidates, 1):
        where = f" ({candidate.url})" if candidate.url else ""
        offered = f", {OFFERED.get(receipt.decision, 'offered')}" if candidate.document_id in receipt.offered else ""
        lines.append(f"{place}. {candidate.title}{where}: score {candidate.score:.3f}{offered}")
        lines += _shown_first(receipt, candidate)
    return [*lines, *_figures(receipt)]


def _shown_first(receipt: Receipt, candidate: Candidate) -> list[str]:
    """The part of a page that the customer saw at once."""
    if candidate.document_id not in receipt.shown_first:
        return []
    shown = sum(end - start for start, end in receipt.shown_first[candidate.document_id])
    of = f"{shown} of {len(candidate.text)} characters"
    return [f"   Shown first: {of}, the best section “{candidate.heading}”; the rest was folded or linked."]


def _chances(receipt: Receipt) -> list[str]:
    """Say how likely the pages shown were to answer, and which of them the customer said did not; a line each."""
    lines = [sure] if (sure := confidence_text(receipt)) else []
    if receipt.decision == "clarify" and receipt.among_first is not None:
        lines.append(f"{_percent(receipt.among_first)} % sure that one of the pages to choose from answers it.")
    if receipt.decision in {"escalate", "add"} and receipt.offered and receipt.among_beside is not None:
        lines.append(f"{_percent(receipt.among_beside)} % sure that one of the first two pages answers it.")
    if receipt.denied:
        lines.append(f"The customer said that this did not help: {', '.join(receipt.denied)}.")
    return lines


def _reading(receipt: Receipt) -> list[str]:
    """Say in one line what a reader made of the pages and how much is known of it; no line where none was asked."""
    if receipt.reader is None:
        return []
    text, values = reader_words(receipt)
    seen = receipt.reader.trust.seen
    known = f"{seen.verdicts:.0f} of its verdicts were held against the truth before"
    return [f"{text.format(**values)} ({known}.)"]


def reader_words(receipt: Receipt) -> tuple[str, dict[str, str | int]]:
    """Give a reader's verdict as a text and its values; an empty text where none was asked."""
    if receipt.reader is None:
        return "", {}
    verdict = receipt.reader.verdict
    sure = _percent(verdict.sure)
    if verdict.best is None:
        return gettext_noop("The reader found no page that answers, {sure} % sure by its own word."), {"sure": sure}
    title = next((each.title for each in receipt.candidates if each.document_id == verdict.best), verdict.best)
    return gettext_noop("The reader took “{title}”, {sure} % sure by its own word."), {"title": title, "sure": sure}


def _part(part: Part) -> str:
    """One question of several: what became of it, and by which page."""
    state = "Answered" if part.is_answered else "Suggested" if part.is_suggested else "Open"
    nearest = f", {'nearest' if state == 'Open' else 'from'} “{part.title}”" if part.title else ""
    return f"{state}: {part.question} ({_percent(part.confidence)} % sure{nearest})"


def _asked(receipt: Receipt) -> list[str]:
    if receipt.erased:
        said = erasure_text(receipt.erased)
        return [f"{said[:1].upper()}{said[1:]}: what was asked and found is gone; these figures are left."]
    searched = receipt.searched if receipt.searched != receipt.question and not receipt.parts else None
    return [f"Asked: {receipt.question}", *([f"Searched: {searched}"] if searched else [])]


def erasure_text(erasure: Erasure) -> str:
    """Say when something was erased and by whom."""
    return f"erased on {erasure.at:%Y-%m-%d %H:%M} by {erasure.by or 'a maintainer'}"


def _language(choice: LanguageChoice | None) -> list[str]:
    """The conversation's language, what it rests on, and what the words of this turn looked like."""
    if choice is None:
        return []
    said = f"Language: {choice.language or 'unknown'}, {GROUNDS[choice.ground]}."
    if choice.detected:
        alone = f"{choice.words} words, {choice.telling} of them common ones"
        said += f" These words alone look like {choice.detected}, {_percent(choice.probability)} % sure ({alone})."
    if choice.belief and not choice.is_pinned:
        likely = ", ".join(f"{language} {_percent(share)} %" for language, share in choice.belief.items())
        said += f" Likely now: {likely}."
    if choice.asks:
        said += f" The customer was asked: {' or '.join(choice.asks)}."
    return [said]


def _figures(receipt: Receipt) -> list[str]:
    """List the features behind the confidence, the share taken to have no answer, and the index; a line each."""
    lines = [f"{name}: {value:.4g}" for name, value in receipt.features.items()]
    if receipt.unanswerable is not None:
        lines.append(f"Taken into account: {_percent(receipt.unanswerable)} % of the questions have no answer here.")
    return [*lines, f"Index: {receipt.snapshot}"] if receipt.snapshot else lines


def confidence_text(receipt: Receipt) -> str | None:
    """Say how sure the bot was and how sure it had to be; None where nothing was searched."""
    text, values = sure_words(receipt)
    return text.format(**values) if text else None


def sure_words(receipt: Receipt) -> tuple[str, dict[str, int]]:
    """Give the confidence and the one needed as text and values, in whole percent; unlike ones never look equal."""
    if receipt.confidence is None:
        return "", {}
    sure = {"sure": _percent(receipt.confidence)}
    if receipt.threshold is None:
        return gettext_noop("{sure} % sure."), sure
    if receipt.threshold > 1:
        return gettext_noop("{sure} % sure; no answer is sure enough yet for the error budget."), sure
    needed = math.ceil(receipt.threshold * 100)
    return gettext_noop("{sure} % sure; {needed} % is needed to answer."), {**sure, "needed": needed}


def _percent(probability: float) -> int:
    return math.floor(probability * 100)
