"""A report as one page that needs nothing else, and as JSON; both are written together or not at all."""

import json
from dataclasses import asdict
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from retrieval.errors import BuildFailed
from retrieval.evaluation.atomic_write import write_all
from retrieval.evaluation.report import prose
from retrieval.evaluation.report.charts import coverage_chart, decision_chart, reliability_chart
from retrieval.evaluation.report.report import Report

TEMPLATES = Path(__file__).parent / "templates"
PAGE, VALUES = "report.html", "report.json"
#: Cases of a sort, and rows of a table, that the page shows; the JSON holds all.
CASES, ROWS = 40, 12


def folder_for(directory: Path) -> Path:
    """Make the folder of a report; BuildFailed when it cannot be, before anything long is begun."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        (directory / f".{PAGE}.new").touch()
        (directory / f".{PAGE}.new").unlink()
    except OSError as error:
        raise BuildFailed(f"{directory}: no report can be written here: {error.strerror}.") from error
    return directory


def write_report(report: Report, directory: Path) -> Path:
    """Write page and JSON into a folder in place of what was there, and return the page's path."""
    values = json.dumps(asdict(report), ensure_ascii=False, indent=1)
    write_all({directory / PAGE: page(report), directory / VALUES: f"{values}\n"})
    return directory / PAGE


def page(report: Report) -> str:
    """The report as HTML; all that customers and documents say is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(percent=prose.percent, points=prose.points, web_address=_web_address)
    return environment.get_template("report.html").render(
        report=report,
        most_cases=CASES,
        most_rows=ROWS,
        feature_words=prose.FEATURE_WORDS,
        decisions=prose.DECISIONS,
        likely=prose.likely(
            answers=report.answers, wrong=report.wrong_answers, at_most=report.wrong_at_most, budget=report.budget
        ),
        helped=prose.helped(report.score),
        decision_chart=_own(decision_chart(report.decisions)),
        changed=prose.changed(report.against, report.budget) if report.against else [],
        style=_own((TEMPLATES / "report.css").read_text("utf-8")),
        coverage_chart=_own(
            coverage_chart(
                report.curve, budget=report.budget, threshold=report.threshold, questions=report.score.questions
            )
        ),
        reliability_chart=_own(reliability_chart(report.reliability)),
    )


def _own(markup: str) -> Markup:
    return Markup(markup)  # noqa: S704  # drawn here, of numbers alone


def _web_address(url: str | None) -> str | None:
    """The address if a browser may be sent there: no scripts, no local files."""
    return url if url is not None and url.lower().startswith(("https://", "http://")) else None
