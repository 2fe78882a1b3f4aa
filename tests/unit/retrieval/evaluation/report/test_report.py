import json
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from corpus.document import Document
from retrieval.decision import DecisionSettings
from retrieval.errors import BuildFailed, NoSnapshot
from retrieval.evaluation.predictions import predict, score
from retrieval.evaluation.report.comparison import change, sign_test
from retrieval.evaluation.report.examples import excerpt
from retrieval.evaluation.report.page import folder_for, page, write_report
from retrieval.evaluation.report.prose import likely, percent, points, refusal
from retrieval.evaluation.report.report import Report, make_report
from retrieval.evaluation.report.results import NO_ANSWER, QuestionResult, guess_topics, table
from retrieval.questions import Question
from retrieval.result import Candidate, SearchResult
from retrieval.scoring.features import FEATURES
from retrieval.snapshot.snapshot import Snapshot, open_other, open_snapshot
from tests.unit.retrieval.conftest import NOW, build_once, candidate

SCRIPT = "<script>alert('&')</script>"


def outcome(
    name: str,
    *expected: str,
    found: Sequence[str | Candidate] = "ab",
    sure: float = 0.5,
    among: float = 0.0,
    marks: dict[str, str] | None = None,
) -> QuestionResult:
    return QuestionResult(
        asked=Question(id=name, question=f"What is {name}?", expected=expected, marks=marks or {}),
        found=SearchResult(
            question=f"What is {name}?",
            candidates=tuple(candidate(each) if isinstance(each, str) else each for each in found),
            confidence=sure,
            among_first=among,
            threshold=0.8,
            settings=DecisionSettings(suggest_at=0.75, clarify_at=0.8),
            features=dict.fromkeys(FEATURES, sure),
            snapshot="now",
        ),
    )


@pytest.fixture
def snapshot(documents: list[Document], index: Path) -> Snapshot:
    build_once(documents, index)
    return open_snapshot(index)


def report_on(
    outcomes: Sequence[QuestionResult], snapshot: Snapshot, *, budget: float = 0.05, **changes: float
) -> Report:
    return make_report(
        outcomes,
        score([each.asked for each in outcomes], [predict(each.asked, each.found) for each in outcomes]),
        snapshot,
        budget=budget,
        threshold=changes.get("threshold", 0.8),
        question_file="questions.jsonl",
        now=NOW,
    )


#: Right, wrong, wrong since nothing answers it, missed, and a choice that held the answer.
MIXED = [
    outcome("right", "a", sure=0.9),
    outcome("wrong", "b", sure=0.95, marks={"scope": "in"}),
    outcome("nothing", sure=0.85, marks={"scope": "out"}),
    outcome("missed", "a", sure=0.7, marks={"scope": "in"}),
    outcome("choice", "b", sure=0.6, among=0.9, marks={"scope": "in"}),
    outcome("hopeless", "z", sure=0.1, marks={"scope": "in"}),
]


def test_the_worst_come_first_and_each_is_where_it_belongs(snapshot: Snapshot) -> None:
    report = report_on(MIXED, snapshot)
    assert [case.id for case in report.wrong] == ["wrong", "nothing"]
    assert [case.id for case in report.missed] == ["missed"]
    assert [case.id for case in report.clarified] == ["choice"]
    assert (report.answers, report.wrong_answers, report.clarified_right) == (3, 2, 1)
    assert report.auroc_in_scope == pytest.approx(2 / 5)  # 0.85 of "nothing" is below 0.9 and 0.95 alone
    assert report.auroc_right == pytest.approx((4 - 1 + 4 - 2) / 8)
    worst = report.wrong[0]
    assert (worst.place, [each.is_expected for each in worst.candidates]) == (2, [False, True])
    assert worst.features[0].above == pytest.approx(5 / 6)
    assert json.loads(json.dumps(asdict(report)))["score"]["questions"] == 6


def test_what_customers_got_is_counted_by_decision_and_told(snapshot: Snapshot) -> None:
    guesses = [outcome("guess", "a", sure=0.77), outcome("bad guess", "b", sure=0.78), outcome("no answer", sure=0.76)]
    report = report_on([*MIXED, *guesses], snapshot)
    counts = {each.decision: (each.right, each.wrong, each.out_of_scope) for each in report.decisions}
    assert counts == {"answer": (1, 1, 1), "suggest": (1, 1, 1), "clarify": (1, 0, 0), "escalate": (0, 2, 0)}
    assert [case.id for case in report.suggested_wrong] == ["bad guess", "no answer"]
    told = Reader(page(report)).words.replace("\u00a0", " ")
    assert "42.9 % were shown the page before a person: 28.6 % at once" in told  # 3 and 2 of the 7 in scope
    assert "Of the suggestions, 66.7 % were another page" in told
    assert "Of the choices, 0 % did not hold the right page." in told
    assert "Of the questions that no page answers, 100 % got an answer or a suggestion." in told
    assert "suggested: 3, the right page in 1, another in 1, none answers in 1" in page(report)


def test_the_headline_says_in_plain_words_what_it_comes_to(snapshot: Snapshot) -> None:
    def headline(*outcomes: QuestionResult, **changes: float) -> str:
        return report_on(outcomes, snapshot, **changes).headline.replace("\u00a0", " ")

    sure, unsure = outcome("1", "a", sure=0.9), outcome("2", "a")
    assert headline(sure, unsure) == (
        "Of 2 questions 50 % are answered at once, none of them wrongly; the budget of 5 % is kept."
    )
    assert headline(*MIXED) == (
        "Of 6 questions 50 % are answered at once, 66.7 % of them wrongly; the budget of 5 % is overrun."
    )
    assert headline(unsure, unsure, threshold=1.01, budget=0.02) == (
        "Of 2 questions none is answered at once: a budget of 2 % cannot be promised yet. "
        "That takes at least 114 labelled questions that it would answer without a mistake, or a larger budget."
    )
    assert headline(unsure) == (
        "The one question is not answered at once. None was sure enough to keep the budget of 5 %."
    )


@pytest.mark.parametrize(
    ("answers", "wrong", "at_most", "said"),
    [
        (0, 0, None, "Nothing was answered, so these questions say nothing of wrong answers."),
        (60, 0, 0.038, "0 of 60 answers wrong: with 90 % certainty at most 3.8 % of such answers are, which is within"),
        (41, 1, 0.092, "To show that the budget of 5 % is kept takes more than that: at least 45 answers"),
        (1, 1, 1.0, "1 of 1 answer wrong"),
        (3, 1, 0.8, "If the budget were just kept, as many would be wrong with a chance of 14.3 %."),  # 1 - 0.95 ** 3
    ],
)
def test_few_answers_are_not_taken_for_a_proof(answers: int, wrong: int, at_most: float | None, said: str) -> None:
    told = likely(answers=answers, wrong=wrong, at_most=at_most, budget=0.05)
    assert said in told.replace("\u00a0", " ")


def test_groups_are_told_apart_by_what_the_questions_say(snapshot: Snapshot) -> None:
    known = snapshot.passages.candidate(0, score=1.0)
    outcomes = [*MIXED, outcome("known", known.document_id, found=[known], sure=0.9)]
    by = {table.by: {row.name: row for row in table.rows} for table in report_on(outcomes, snapshot).tables}
    assert set(by) == {
        "language", "topic", "kind of the expected document", "kind of the first document found", "scope",
    }  # fmt: skip
    assert {name: row.questions for name, row in by["scope"].items()} == {"in": 4, "not said": 2, "out": 1}
    assert (by["scope"]["in"].right, by["scope"]["in"].answered, by["scope"]["in"].wrong) == (1, 1, 1)
    assert (by["scope"]["in"].clarified, by["scope"]["in"].escalated, by["scope"]["in"].helped) == (1, 2, 1)
    assert by["topic"][known.title].right == 1
    assert by["topic"][NO_ANSWER].answerable == 0
    assert by["kind of the expected document"]["article"].questions == 1


def test_a_mark_that_every_question_has_of_its_own_makes_no_groups(snapshot: Snapshot) -> None:
    outcomes = [outcome(str(number), "a", marks={"seen_at": f"day {number}"}) for number in range(4)]
    assert "seen_at" not in {table.by for table in report_on(outcomes, snapshot).tables}


def test_the_largest_group_comes_first() -> None:
    rows = table("place", MIXED, lambda each: str(each.place)).rows
    assert [(row.name, row.questions) for row in rows] == [("1", 2), ("2", 2), ("None", 2)]


def test_a_topic_is_a_folder_where_there_are_folders_and_a_title_where_there_are_none() -> None:
    names = ["billing/a", "billing/b", "hub/c", "hub/d"]
    assert guess_topics([candidate(name) for name in names]) == ["billing", "billing", "hub", "hub"]
    addressed = [candidate(str(number), url=f"https://help.example/en/{name}") for number, name in enumerate(names)]
    assert guess_topics(addressed) == ["billing", "billing", "hub", "hub"]
    assert guess_topics([candidate("a"), candidate("b", title="")]) == ["A", "b"]


class Reader(HTMLParser):
    """What a page consists of: its tags, the addresses it names, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.words = ""
        self.feed(text)
        self.words = re.sub(r"\s+", " ", self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "action"}]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_has_every_section_and_needs_nothing_from_elsewhere(snapshot: Snapshot) -> None:
    text = page(report_on(MIXED, snapshot))
    read = Reader(text)
    assert read.ids == [
        "use", "coverage", "calibration", "wrong", "missed", "suggested", "clarified", "groups",
    ]  # fmt: skip
    assert read.tags.count("svg") == 3
    assert {"script", "link", "img", "iframe"}.isdisjoint(read.tags)
    assert read.addresses == []
    assert "url(" not in text
    assert "@import" not in text
    assert "Of 6 questions 50 % are answered at once" in read.words
    assert "nothing: the documents hold no answer" in read.words
    assert "1 of 1 choices held the answer" in read.words


def test_what_customers_and_documents_say_is_escaped_and_leads_nowhere_unsafe(snapshot: Snapshot) -> None:
    evil = candidate("a", title=SCRIPT, url="javascript:alert(1)", text=SCRIPT)
    good = candidate("b", url="https://help.example/b?x=1&y=2")
    wrong = outcome("x", "b", found=[evil, good], sure=0.9, marks={SCRIPT: SCRIPT})
    asked = replace(wrong.asked, question=SCRIPT, language=SCRIPT, id=SCRIPT)
    other = outcome("y", "b", found=[good], sure=0.9, marks={SCRIPT: "plain"})
    found = [replace(wrong, asked=asked), other, other, replace(wrong, asked=asked)]
    read = Reader(page(replace(report_on(found, snapshot), question_file=SCRIPT)))
    assert "script" not in read.tags
    assert set(read.addresses) == {"https://help.example/b?x=1&y=2"}
    assert read.words.count(SCRIPT) > 8


def test_a_page_of_nothing_found_and_nothing_known_can_be_drawn(snapshot: Snapshot) -> None:
    empty = outcome("", found=[], sure=0.0)
    read = Reader(page(report_on([replace(empty, asked=replace(empty.asked, question=""))], snapshot)))
    assert "The one question is not answered at once." in read.words


def test_many_cases_are_cut_short_on_the_page_and_whole_in_the_values(snapshot: Snapshot, tmp_path: Path) -> None:
    report = report_on([outcome(str(number), "b", sure=0.9) for number in range(50)], snapshot)
    written = write_report(report, folder_for(tmp_path / "deep" / "out"))
    assert "The surest 40 of 50 are shown" in Reader(written.read_text("utf-8")).words
    assert len(json.loads((written.parent / "report.json").read_text("utf-8"))["wrong"]) == 50
    assert sorted(path.name for path in written.parent.iterdir()) == ["report.html", "report.json"]


def test_a_report_that_cannot_be_written_leaves_the_old_one(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("old")
    (tmp_path / "report.json").mkdir()
    with pytest.raises(BuildFailed, match=r"report\.json"):
        write_report(report_on(MIXED, snapshot), tmp_path)
    assert (tmp_path / "report.html").read_text() == "old"
    with pytest.raises(BuildFailed, match="no report can be written here"):
        folder_for(tmp_path / "report.html" / "below")


def test_another_snapshot_is_compared_question_by_question(snapshot: Snapshot) -> None:
    then = [outcome("1", "b", sure=0.9), outcome("2", "a", sure=0.5), outcome("3", "b")]
    now = [outcome("1", "b", found="ba", sure=0.5), outcome("2", "a", sure=0.9), outcome("3", "b", found="ba")]

    def run(outcomes: list[QuestionResult]) -> tuple[object, ...]:
        return (score([o.asked for o in outcomes], [predict(o.asked, o.found) for o in outcomes]), outcomes, 0.8)

    made = change(run(then), run(now))  # type: ignore[arg-type]
    assert made.answered == 0
    assert made.wrong_among_answered == -1
    assert made.helped == pytest.approx(1 / 3)
    assert made.accuracy_at_1 == pytest.approx(2 / 3)
    assert (made.became_right, made.became_wrong) == (2, 0)
    assert (made.newly_answered, made.no_longer_answered) == (1, 1)
    read = Reader(page(replace(report_on(now, snapshot), against=made)))
    assert "against" in read.ids
    assert "33.3 % of the questions are answered. Of the answers 0 % instead of 100 % are wrong." in read.words
    assert "It became right for 2 and wrong for 0, which may be chance (p = 0.5)." in read.words


def test_the_sign_test_counts_both_sides() -> None:
    assert sign_test(0, 0) == 1
    assert sign_test(5, 5) == 1
    assert sign_test(6, 0) == sign_test(0, 6) == pytest.approx(2 / 64)
    assert sign_test(7, 1) == pytest.approx(2 * (1 + 8) / 256)


def test_the_parent_is_another_snapshot_of_the_same_index(documents: list[Document], index: Path) -> None:
    build_once(documents, index)
    first = open_snapshot(index)
    with pytest.raises(NoSnapshot, match="the first of its index"):
        open_other(first, "parent")
    build_once(documents[1:], index, datetime(2026, 3, 3, tzinfo=UTC))
    second = open_snapshot(index)
    assert open_other(second, "parent").version == open_other(second, first.version).version == first.version
    for version in ("unheard-of", ""):
        with pytest.raises(NoSnapshot):
            open_other(second, version)


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.2, "20 %"), (0.0376, "3.8 %"), (0, "0 %"), (1, "100 %"), (1e-5, "< 0.1 %"), (0.99999, "> 99.9 %"), (None, "–")],
)
def test_a_share_is_said_without_claiming_none_or_all(share: float | None, said: str) -> None:
    assert percent(share).replace("\u00a0", " ") == said


def test_a_difference_is_said_with_its_sign() -> None:
    assert [points(each) for each in (0.071, -0.02, 0.0001, None)] == ["+7.1", "−2.0", "±0", "–"]


def test_an_excerpt_is_the_first_lines_that_say_something() -> None:
    assert excerpt("One\n\n\nTwo\n") == "One\nTwo"
    assert excerpt("1\n2\n3\n4\n5") == "1\n2\n3\n4 …"
    assert excerpt("word " * 100).endswith("word …")
    assert len(excerpt("word " * 100)) < 330


def test_a_refusal_says_how_many_questions_it_touches() -> None:
    assert "so nothing is answered. It takes at least 45" in refusal(0.05, refused=7, questions=7)
    assert "so 5 of the 7 questions are handed over." in refusal(0.05, refused=5, questions=7)
