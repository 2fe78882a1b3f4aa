from datetime import date
from pathlib import Path

import pytest

from corpus.document import Document
from corpus.errors import CorpusError, MalformedDocument
from corpus.sources.markdown_folder import MarkdownFolder


def written(root: Path, **files: str) -> Path:
    """A folder of files, by path without suffix; __ stands for / and ___ for a dot."""
    for name, text in files.items():
        path = root / (name.replace("___", ".").replace("__", "/") + ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def read(path: Path, said: list[str] | None = None) -> list[Document]:
    return list(MarkdownFolder(path).read(today=date(2026, 1, 1), notice=(said if said is not None else []).append))


def only(path: Path) -> Document:
    (document,) = read(path)
    return document


def test_the_whole_front_matter_is_read(tmp_path: Path) -> None:
    page = """---
id: fees
title: "Fees: all of them"
url: https://example.com/fees
language: sv-SE
kind: faq
updated: 2025-01-31
questions: [What does it cost?]
authority: 0.5
colour: blue
---

We charge nothing.
"""
    assert only(written(tmp_path, page=page)) == Document(
        id="fees",
        title="Fees: all of them",
        text="We charge nothing.",
        kind="faq",
        url="https://example.com/fees",
        language="sv",
        questions=("What does it cost?",),
        updated=date(2025, 1, 31),
        authority=0.5,
    )


def test_no_front_matter_is_needed(tmp_path: Path) -> None:
    document = only(written(tmp_path, billing__late_fees="\ufeffWe charge\r\nnothing.\r\n"))
    assert document == Document(id="billing/late_fees", title="Late fees", text="We charge\nnothing.")
    assert document.origin == str(tmp_path / "billing" / "late_fees.md")


@pytest.mark.parametrize(
    ("page", "title", "text"),
    [
        ("# Our *fees* #\n\nNone.", "Our fees", "None."),
        ("Our fees\n========\n\nNone.", "Our fees", "None."),
        ("Before.\n\n# Fees\n\nNone.", "Fees", "Before.\n\nNone."),
        ("```\n# no title\n```\n\n# Fees", "Fees", "```\n# no title\n```"),
        ("## Part\n\nNone.", "Page", "## Part\n\nNone."),
        ("---\ntitle: Fees\n---\n# fees\n\nNone.", "Fees", "None."),
        ("---\ntitle: Fees\n---\n# Other\n\nNone.", "Fees", "# Other\n\nNone."),
        ("---\ntitle: Fees\n---\nA.\n\n# Fees\n\nB.", "Fees", "A.\n\n# Fees\n\nB."),
        ("---\ntitle: 404\n---\nNone.", "404", "None."),
        ("---\ntitle:\n---\nNone.", "Page", "None."),
        ("---\n---\nNone.", "Page", "None."),
        ("---\nA line above.\n\n---\n\nNone.", "Page", "---\nA line above.\n\n---\n\nNone."),
        ("---\n\nA line above.", "Page", "---\n\nA line above."),
    ],
)
def test_the_title_is_said_once(tmp_path: Path, page: str, title: str, text: str) -> None:
    document = only(written(tmp_path, page=page))
    assert (document.title, document.text) == (title, text)


@pytest.mark.parametrize(
    ("front_matter", "day"),
    [
        ("date: 2024-01-02 10:00:00 +0000", date(2024, 1, 2)),
        ("last_updated: '2024-01-02'", date(2024, 1, 2)),
        ("date: 2020-01-01\nlastmod: 2024-01-02T10:00:00Z", date(2024, 1, 2)),
        ("title: No date", None),
    ],
)
def test_the_date_is_read_under_its_usual_names(tmp_path: Path, front_matter: str, day: date | None) -> None:
    assert only(written(tmp_path, page=f"---\n{front_matter}\n---\nText.")).updated == day


@pytest.mark.parametrize(
    ("front_matter", "url"),
    [
        ("permalink: /fees/index.html", None),
        ("permalink: https://example.com/fees", "https://example.com/fees"),
        ("html_url: https://example.com/a\npermalink: /fees", "https://example.com/a"),
    ],
)
def test_only_a_full_address_is_a_url(tmp_path: Path, front_matter: str, url: str | None) -> None:
    assert only(written(tmp_path, page=f"---\n{front_matter}\n---\nText.")).url == url


def test_files_come_sorted_and_hidden_and_other_ones_do_not(tmp_path: Path) -> None:
    written(tmp_path, b="B.", a__z="Z.", a__b="AB.", ___git__x="X.", _includes__x="X.", _drafts__x="X.")
    (tmp_path / "C.MARKDOWN").write_text("C.")
    (tmp_path / "notes.txt").write_text("No page.")
    (tmp_path / "folder.md").mkdir()
    assert [document.id for document in read(tmp_path)] == ["C", "a/b", "a/z", "b"]


def test_one_file_alone_is_read_too(tmp_path: Path) -> None:
    written(tmp_path, a="A.", b="B.")
    assert only(tmp_path / "b.md").id == "b"


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("fees-sv_SE", "sv"),
        ("fees_pt-BR", "pt"),
        ("fees-sv", None),
        ("other___sv", "sv"),
        ("lone___sv", None),
        ("other___js", None),
        ("translated__de__fees", "de"),
        ("docs__i18n__pt-BR__fees", "pt"),
        ("it__fees", None),
        ("translated__common__fees", None),
    ],
)
def test_a_name_says_the_language_only_where_it_can_mean_nothing_else(
    tmp_path: Path, name: str, language: str | None
) -> None:
    written(tmp_path, other="Other.", **{name: "Text."})
    path = str(tmp_path / name.replace("___", ".").replace("__", "/")) + ".md"
    assert {document.origin: document.language for document in read(tmp_path)}[path] == language


@pytest.mark.parametrize(("said", "language"), [("language: EN", "en"), ("lang: no", "no"), ("lang: 'no'", "no")])
def test_the_front_matters_language_counts_first(tmp_path: Path, said: str, language: str) -> None:
    page = {"fees-sv_SE": f"---\n{said}\n---\nText."}
    assert only(written(tmp_path, **page)).language == language


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("---\ntitle: Fees\nurl: a: b\n---\nText.", ":3: the front matter is not YAML (mapping values are not allowed"),
        ("---\ntitle: Fees\nText.", ":1: the front matter has no end; close it with a line ---"),
    ],
)
def test_broken_front_matter_is_named_with_file_and_cure(tmp_path: Path, page: str, says: str) -> None:
    with pytest.raises(MalformedDocument) as raised:
        read(written(tmp_path, page=page))
    assert str(raised.value).startswith(f"{tmp_path / 'page.md'}{says}")


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("updated: 2025-02-30", "'updated' is '2025-02-30'; write a date"),
        ("updated: soon", "'updated' is 'soon'; write a date"),
        ("date: March 3, 2024", "'date' is 'March 3, 2024'; write a date"),
        ("language: Swedish", "'language' is 'Swedish'; write a language code"),
        ("lang: fil", "'lang' is 'fil'; write a language code"),
        ("kind: blog", "'kind' is 'blog'; write"),
        ("title: [Fees]", "'title' is ['Fees']; write a text in quotes"),
        ("id: {a: 1}", "'id' is {'a': 1}; write a text in quotes"),
        ("questions: How?", "'questions' is 'How?'; write a list of texts"),
        ("authority: 2", "'authority' is 2; write a number from 0 to 1"),
        ("url: [a]", "'url' is ['a']; write a text"),
    ],
)
def test_a_field_that_cannot_be_read_costs_that_field_and_a_notice(tmp_path: Path, field: str, says: str) -> None:
    said: list[str] = []
    [page, other] = read(written(tmp_path, page=f"---\n{field}\n---\n# Fees\n\nNone.", other="Text."), said)[::-1]
    assert page == Document(id="page", title="Fees", text="None.")
    assert other.text == "Text."
    [notice] = said
    assert notice.startswith("Left out 1 fields that cannot be read, though not their pages: ")
    assert f"{tmp_path / 'page.md'}: the field {says}" in notice


@pytest.mark.parametrize(
    ("title", "read_as"), [("1.10", "1.10"), ("No", "No"), ("2024-05-01", "2024-05-01"), ("007", "007"), ("~", "Page")]
)
def test_a_title_is_what_is_written_whatever_yaml_makes_of_it(tmp_path: Path, title: str, read_as: str) -> None:
    assert only(written(tmp_path, page=f"---\ntitle: {title}\n---\nText.")).title == read_as


@pytest.mark.parametrize(
    "mark",
    [
        "draft: maybe",
        "draft: 'true'",
        "draft: yes",
        "published: 'false'",
        "published: no",
        "status: Draft",
        "hidden: true",
    ],
)
def test_a_page_that_may_be_kept_back_is(tmp_path: Path, mark: str) -> None:
    assert [page.id for page in read(written(tmp_path, held=f"---\n{mark}\n---\nText.", page="Text."))] == ["page"]


@pytest.mark.parametrize("mark", ["draft: false", "draft: 'no'", "published: true", "status: live", "hidden: false"])
def test_a_page_that_is_not_kept_back_is_read(tmp_path: Path, mark: str) -> None:
    assert only(written(tmp_path, page=f"---\n{mark}\n---\nText.")).text == "Text."


def test_files_that_are_not_read_are_counted_by_kind_with_what_to_do(tmp_path: Path) -> None:
    written(tmp_path, page="Text.")
    for name in ("a.mdx", "b/c.MDX", "fees.html", "logo.png", "style.css", "_includes/x.html", ".git/y.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Text.")
    said: list[str] = []
    assert [page.id for page in read(tmp_path, said)] == ["page"]
    [notice] = said
    assert notice.startswith(
        f"Did not read 3 files of {tmp_path} that are no .md or .markdown files: 2 .mdx, 1 .html. Give"
    )


def test_a_file_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_bytes(b"A.\n\nH\xe4r.")
    with pytest.raises(MalformedDocument, match=r"page\.md:3: not UTF-8; save"):
        read(tmp_path)


def test_a_link_to_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere.md")
    with pytest.raises(CorpusError, match=r"gone\.md"):
        read(tmp_path)


def test_pages_that_are_not_for_readers_are_left_out_aloud(tmp_path: Path) -> None:
    held = {"held": "---\npublished: false\n---\nText.", "draft": "---\ndraft: true\n---\nText."}
    written(tmp_path, page="Text.", empty="---\nlayout: redirect\n---\n", comment="<!-- nothing -->", **held)
    said: list[str] = []
    assert [document.id for document in read(tmp_path, said)] == ["page"]
    assert said == [
        f"Left out 2 pages that are not published: {tmp_path}/draft.md, {tmp_path}/held.md.",
        f"Left out 2 pages without text: {tmp_path}/comment.md, {tmp_path}/empty.md.",
    ]


def test_includes_are_filled_in_and_missing_ones_told(tmp_path: Path) -> None:
    page = "On {% include systems.md %}.\n{% include ../secret.md %}{% include gone.md a='b' %}{%- include gone.md -%}"
    written(
        tmp_path,
        docs__page=page,
        secret="Secret.",
        _includes__mac="Mac",
        _includes__systems="{% include mac.md %} or Windows\n",
    )
    said: list[str] = []
    (document,) = read(tmp_path / "docs", said)
    assert document.text == "On Mac or Windows."
    where = f"includes of {tmp_path}/docs that no _includes folder holds, so words are missing there"
    assert said == [f"Left out 2 {where}: ../secret.md (1 times), gone.md (2 times)."]


def test_links_between_pages_lead_to_the_pages_addresses(tmp_path: Path) -> None:
    written(
        tmp_path,
        a__fees="---\nurl: https://example.com/fees/\n---\n[dates](../b/dates.md#late), [more](more), [gone](gone.md).",
        b__dates="---\nurl: https://example.com/dates/\n---\nSee [top](#top).",
    )
    fees, dates = read(tmp_path)
    assert fees.text == ("[dates](https://example.com/dates/#late), [more](https://example.com/fees/more), gone.")
    assert dates.text == "See [top](https://example.com/dates/#top)."


def test_a_page_says_which_page_it_translates(tmp_path: Path) -> None:
    folder = written(tmp_path, avgifter="---\nlanguage: sv\ntranslation_of: fees\n---\nText.", fees="Text.")
    assert [(page.id, page.translation_of) for page in read(folder)] == [("avgifter", "fees"), ("fees", None)]


def test_pages_whose_paths_differ_in_their_language_alone_are_translations(tmp_path: Path) -> None:
    english, swedish = ("---\nlanguage: en\n---\nText.", "---\nlanguage: sv\n---\nText.")
    folder = written(
        tmp_path,
        en__billing__fees=english,
        sv__billing__fees=swedish,
        sv__billing__refunds=swedish,
        hub___en=english,
        hub___sv=swedish,
        other__fees=english,
    )
    linked = {page.id: page.translation_of for page in read(folder) if page.translation_of}
    assert linked == {"sv/billing/fees": "en/billing/fees", "hub.sv": "hub.en"}
