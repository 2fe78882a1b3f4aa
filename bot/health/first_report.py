"""The first report in sentences: what can be expected of the index, and what would help it most.

Sentences are kept in English with their values apart, so that the console can translate them.
"""

from collections.abc import Iterator
from typing import Final

from bot.i18n import gettext_noop
from bot.settings import Settings
from channels.health import CheckResult
from retrieval import Decision, RetrievalError, open_snapshot
from retrieval.evaluation.first_report import Advice, AdviceKind, Estimate, FirstReport, first_report

ADVICE: Final[dict[AdviceKind, str]] = {
    "no_text": gettext_noop(
        "Pages that say next to nothing below their title: %(count)s. Write the answer there, or leave them out."
    ),
    "same_title": gettext_noop(
        "Pages that are called the same as another: %(count)s. Give each a title that says what only it answers."
    ),
    "no_title": gettext_noop("Pages without a title: %(count)s. Give each one that says what it answers."),
    "vague_title": gettext_noop(
        "Pages whose title says more about others than about them: %(count)s. Name what the page answers."
    ),
    "near_duplicate": gettext_noop(
        "Pages that say the same as another: %(count)s. Merge them, or say in each what it is for."
    ),
    "unread_language": gettext_noop(
        "Pages in languages that the index does not read: %(count)s. Install the extra “languages” and reindex."
    ),
    "not_found": gettext_noop(
        "Pages that their own words do not find: %(count)s. See what comes first instead, and divide or merge them."
    ),
    "too_small": gettext_noop(
        "There are %(count)s pages, too few to tell what will be answered. Add pages, or labelled questions."
    ),
    "labels": gettext_noop(
        "Label %(count)s more of customers’ questions (reindex --labels): they teach what customers ask like, and the "
        "error budget can be promised."
    ),
    "phrasings": gettext_noop(
        "Pages without a question in a customer’s words: %(count)s. Add some to those that are asked for most."
    ),
}
DECISIONS: Final[dict[Decision, str]] = {
    "answer": gettext_noop("Answered"),
    "suggest": gettext_noop("Suggested"),
    "clarify": gettext_noop("Asked back"),
    "escalate": gettext_noop("Handed over"),
}


def expected(settings: Settings, version: str | None = None) -> FirstReport | None:
    """The report on the index in use, or a version of it; None where an earlier release made it, or there is none."""
    try:
        return first_report(
            open_snapshot(settings.index, version),
            budget=settings.budget,
            unanswerable=settings.unanswerable,
            decisions=settings.decisions.limits,
        )
    except RetrievalError:
        return None


def report_lines(report: FirstReport) -> list[str]:
    """The report for a terminal, a sentence or a figure a line."""
    counts = report.pages
    found = f"{counts.first} of {counts.asked} pages first, {counts.among} among the first three"
    lines = [f"Found by a sentence of their own: {found}."]
    if report.shares:
        lines.append(
            f"To be expected of customers' questions, by {report.questions} made from the pages, if "
            f"{report.unanswerable:.0%} have no answer here:"
        )
        lines += [f"  {DECISIONS[name].lower():12} {_interval(share)}" for name, share in report.shares.items()]
    if report.helped:
        lines.append(f"  Of those that have an answer, {_interval(report.helped)} see its page before a person.")
    if report.advice:
        lines.append("What would help most:")
        lines += [f"  {place}. {each}" for place, each in enumerate(map(advice_text, report.advice), 1)]
    return lines


def advice_text(advice: Advice) -> str:
    """A piece of advice as a sentence, with the pages it names."""
    named = f" ({', '.join(advice.examples)})" if advice.examples else ""
    return (ADVICE[advice.kind] % {"count": advice.count}) + named


def check_answering(settings: Settings) -> Iterator[CheckResult]:
    """The check that customers get something; it fails where hardly any question will be answered or suggested."""
    report = expected(settings)
    if report is None:
        return  # there is no index, which is said elsewhere, or an earlier release made it
    message = little_text(report) if report.is_little else _expectation(report)
    remedy = advice_text(report.advice[0]) if report.is_little and report.advice else None
    if report.is_little and remedy is None:
        remedy = "Lower `decisions.suggest_at`, or raise `budget`."
    yield CheckResult(subject="answering", message=message, remedy=remedy)
    others = report.advice[1:] if report.is_little else report.advice
    yield from (CheckResult(subject="advice", message=advice_text(each)) for each in others)


def little_text(report: FirstReport) -> str:
    """A sentence on how little will be answered."""
    given = report.shares["answer"].share + report.shares["suggest"].share
    return f"Hardly any question will be answered or get a suggestion: {given:.0%} of them, as far as can be expected."


def _expectation(report: FirstReport) -> str:
    found = f"{report.pages.first} of {report.pages.asked} pages are found by a sentence of their own."
    if not report.shares:
        return f"Too few questions can be made of the pages to tell how many will be answered. {found}"
    shares = ", ".join(f"{share.share:.0%} {DECISIONS[name].lower()}" for name, share in report.shares.items())
    return f"To be expected: {shares}. {found}"


def _interval(estimate: Estimate) -> str:
    return f"{estimate.share:.0%} ({estimate.low:.0%} to {estimate.high:.0%})"
