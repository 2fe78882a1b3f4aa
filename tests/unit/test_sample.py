"""The sample knowledge base is complete and agrees with itself."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import frontmatter
import pytest

SAMPLE = Path(__file__).parents[2] / "corpus" / "sample"
NEWEST = date(2026, 11, 22)
HELP = "https://help.hemglim.example/"
WORDS = {"article": range(80, 301), "faq": range(30, 91)}


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLE / name).read_text(encoding="utf-8").splitlines()]


ARTICLES = {path: frontmatter.load(str(path)) for path in sorted((SAMPLE / "articles").rglob("*.md"))}
THREADS = lines("forum.jsonl")
QUESTIONS = lines("questions.jsonl")
LANGUAGES = {item["id"]: item["language"] for item in (*ARTICLES.values(), *THREADS)}


def test_there_is_enough_of_everything() -> None:
    kinds = Counter((article["language"], article["kind"]) for article in ARTICLES.values())
    assert kinds["en", "article"] >= 45
    assert kinds["en", "faq"] >= 19
    assert kinds["sv", "article"] + kinds["sv", "faq"] >= 24
    assert len(THREADS) >= 34
    assert sum(thread["language"] == "sv" for thread in THREADS) >= 3
    assert sum(not thread["answers"] for thread in THREADS) == 2


def test_there_are_enough_questions_of_each_group() -> None:
    groups = Counter((question["group"], question["language"]) for question in QUESTIONS)
    assert groups["answerable", "en"] >= 105
    assert groups["answerable", "sv"] >= 20
    assert groups["near", "en"] + groups["near", "sv"] >= 15
    assert groups["far", "en"] + groups["far", "sv"] >= 15


def test_ids_and_urls_are_unique() -> None:
    ids = [item["id"] for item in (*ARTICLES.values(), *THREADS, *QUESTIONS)]
    urls = [item["url"] for item in (*ARTICLES.values(), *THREADS)]
    assert [value for value, count in Counter(ids + urls).items() if count > 1] == []


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_article_is_complete(path: Path) -> None:
    article = ARTICLES[path]
    section = path.relative_to(SAMPLE / "articles").with_suffix("").as_posix()
    assert article["url"] == HELP + section
    assert article["language"] == section[:2]
    assert article["title"]
    assert type(article["updated"]) is date
    assert article["updated"] <= NEWEST
    assert len(article.content.split()) in WORDS[article["kind"]]
    if "questions" in article.metadata:
        assert 1 <= len(article["questions"]) <= 4
        assert all(isinstance(question, str) and question for question in article["questions"])


def test_translations_name_their_english_original() -> None:
    originals = {article["id"]: article["kind"] for article in ARTICLES.values() if article["language"] == "en"}
    for article in ARTICLES.values():
        original = article.metadata.get("translation_of")
        assert (original is None) == (article["language"] == "en"), article["id"]
        if original is not None:
            assert article["id"] == f"{original}.sv"
            assert originals[original] == article["kind"]


def test_links_lead_to_articles_in_the_same_language() -> None:
    languages = {article["url"]: article["language"] for article in ARTICLES.values()}
    targets = [
        (article["language"], url)
        for article in ARTICLES.values()
        for url in re.findall(r"\]\(([^)]*)\)", article.content)
    ]
    assert len(targets) > 50
    assert [url for language, url in targets if languages.get(url) != language] == []


@pytest.mark.parametrize("thread", THREADS, ids=lambda thread: str(thread["id"]))
def test_thread_is_complete(thread: dict[str, Any]) -> None:
    assert set(thread) == {"id", "title", "question", "url", "language", "asked", "answers"}
    assert thread["url"] == f"https://forum.hemglim.example/t/{thread['id'].removeprefix('forum-')}"
    assert thread["title"]
    assert thread["question"]
    assert [answer["id"] for answer in thread["answers"]] == [str(n + 1) for n in range(len(thread["answers"]))]
    assert sum(answer["accepted"] for answer in thread["answers"]) <= 1
    for answer in thread["answers"]:
        assert set(answer) == {"id", "author", "role", "accepted", "votes", "date", "text"}
        assert answer["role"] in {"official", "expert", "member"}
        assert (answer["role"] == "official") == answer["author"].endswith(" (Hemglim)")
        assert answer["text"]
        assert answer["votes"] >= 0
    days = [date.fromisoformat(day) for day in (thread["asked"], *(answer["date"] for answer in thread["answers"]))]
    assert days == sorted(days)
    assert days[-1] <= NEWEST


def test_some_accepted_answers_are_corrected_by_a_later_official_one() -> None:
    def corrected(thread: dict[str, Any]) -> bool:
        accepted = [date.fromisoformat(answer["date"]) for answer in thread["answers"] if answer["accepted"]]
        official = [date.fromisoformat(a["date"]) for a in thread["answers"] if a["role"] == "official"]
        return bool(accepted and official) and (max(official) - accepted[0]).days > 100

    assert sum(map(corrected, THREADS)) >= 5


def test_expected_documents_exist_in_the_questions_language() -> None:
    for question in QUESTIONS:
        assert question["question"].strip(), question["id"]
        assert bool(question["expected"]) == (question["group"] == "answerable"), question["id"]
        assert {LANGUAGES[expected] for expected in question["expected"]} <= {question["language"]}, question["id"]


def test_every_expected_thread_has_an_answer() -> None:
    unanswered = {thread["id"] for thread in THREADS if not thread["answers"]}
    assert not unanswered & {expected for question in QUESTIONS for expected in question["expected"]}


def test_no_question_is_a_known_phrasing_or_a_title() -> None:
    def plain(text: str) -> str:
        return " ".join(re.findall(r"\w+", text.lower()))

    known = {plain(article["title"]) for article in ARTICLES.values()} | {plain(t["title"]) for t in THREADS}
    known |= {plain(q) for article in ARTICLES.values() for q in article.metadata.get("questions", [])}
    assert [q["question"] for q in QUESTIONS if plain(q["question"]) in known] == []
    assert len({plain(q["question"]) for q in QUESTIONS}) == len(QUESTIONS)
