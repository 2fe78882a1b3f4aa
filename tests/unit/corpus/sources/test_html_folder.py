"""HTML files as articles, and the links between languages. All pages are our own."""

from datetime import date
from pathlib import Path

import pytest

from corpus.document import Document
from corpus.errors import MalformedDocument
from corpus.reader import open_source, read_corpus
from corpus.sources.html_folder import HtmlFolder

TODAY = date(2026, 3, 2)


def page(text: str, language: str = "en", *, head: str = "", title: str = "Fees | Hemglim") -> str:
    return f"<!doctype html><html lang={language!r}><head><title>{title}</title>{head}</head><body>{text}</body></html>"


def link(language: str, href: str) -> str:
    return f'<link rel="alternate" hreflang="{language}" href="{href}">'


def read(folder: Path, pages: dict[str, str]) -> tuple[dict[str, Document], list[str]]:
    for name, text in pages.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    notices: list[str] = []
    documents = {each.id: each for each in read_corpus([folder], today=TODAY, notice=notices.append)}
    return documents, notices


def translations(folder: Path, pages: dict[str, str]) -> dict[str, str | None]:
    return {name: each.translation_of for name, each in read(folder, pages)[0].items()}


def test_an_article_is_read_without_what_stands_around_it(tmp_path: Path) -> None:
    text = """
      <nav><a href="/">Home</a></nav>
      <main><p>Ad of the day</p><article>
        <header><h1>Delivery &amp; fees</h1></header>
        <p>A parcel costs <strong>49</strong>
           crowns.</p>
        <ul><li>Sweden</li><li>Finland</li></ul>
        <h2>Abroad</h2><p>See <a href="https://help.example/abroad">abroad</a>.</p>
        <pre><code>fee = 49
  if x &lt; 3</code></pre>
        <dl><dt>Free</dt><dd>above 500</dd></dl>
        <script>alert("no")</script>
      </article></main>
      <footer>Imprint</footer>"""
    head = '<link rel="canonical" href="https://help.example/fees"/>'
    head += '<meta property="article:modified_time" content="2026-01-31T10:00:00Z">'
    documents, _ = read(tmp_path, {"fees.html": page(text, "en-GB", head=head)})
    [found] = documents.values()
    assert (found.id, found.title, found.language) == ("fees", "Delivery & fees", "en")
    assert (found.url, found.updated) == ("https://help.example/fees", date(2026, 1, 31))
    assert found.text.split("\n\n") == [
        "A parcel costs **49** crowns.",
        "- Sweden\n- Finland",
        "## Abroad",
        "See [abroad](https://help.example/abroad).",
        "```\nfee = 49\n  if x < 3\n```",
        "**Free**",
        "above 500",
    ]


@pytest.mark.parametrize(
    ("start", "updated", "notices"),
    [
        ("<html lang=fil>", None, 1),
        (
            "<html lang=en><meta property=article:modified_time content='Mon, 05 Jan 2026 10:00:00 GMT'>",
            date(2026, 1, 5),
            0,
        ),
        ("<html lang=en><meta property=article:modified_time content=soon>", None, 1),
    ],
)
def test_what_the_head_says_wrongly_costs_no_page(
    tmp_path: Path, start: str, updated: date | None, notices: int
) -> None:
    documents, said = read(tmp_path, {"fees.html": f"{start}<h1>Fees</h1><p>None.</p>"})
    assert (documents["fees"].text, documents["fees"].updated, len(said)) == ("None.", updated, notices)


def test_the_heading_above_the_article_is_its_title(tmp_path: Path) -> None:
    documents, _ = read(tmp_path, {"a.html": page("<header><h1>Refunds</h1></header><p>Five days.</p>", title="Acme")})
    assert (documents["a"].title, documents["a"].text) == ("Refunds", "Five days.")


def test_a_page_without_article_or_heading_is_its_body_under_the_title_without_the_site(tmp_path: Path) -> None:
    documents, _ = read(tmp_path, {"a.htm": page("<nav>Home</nav><p>Hold it.</p>", title="Reset – Hemglim Help")})
    assert [(each.title, each.text) for each in documents.values()] == [("Reset", "Hold it.")]


def test_elements_that_html_lets_one_leave_out_are_not_missed(tmp_path: Path) -> None:
    documents, _ = read(tmp_path, {"a.html": "<html lang=sv><title>Byt batteri</title>\n<p>Skruva av locket."})
    assert [(each.title, each.text, each.language) for each in documents.values()] == [
        ("Byt batteri", "Skruva av locket.", "sv")
    ]


def test_navigation_that_is_never_closed_does_not_swallow_the_article(tmp_path: Path) -> None:
    documents, _ = read(tmp_path, {"a.html": page("<nav><a href='/'>Home</a><article><p>Hold it.</p></article>")})
    assert documents["a"].text == "Hold it."


@pytest.mark.parametrize(
    "named", ["https://help.example/sv/avgifter/", "http://HELP.example/sv/avgifter#top", "/sv/avgifter"]
)
def test_a_link_to_another_language_makes_a_translation(tmp_path: Path, named: str) -> None:
    swedish = '<link rel="canonical" href="https://help.example/sv/avgifter">'
    english = '<link rel="canonical" href="https://help.example/en/fees">'
    pages = {
        "b/fees.html": page("<p>It costs 49.</p>", head=english + link("sv", named)),
        "c/avgifter.html": page("<p>Det kostar 49.</p>", "sv", head=swedish),
    }
    assert translations(tmp_path, pages) == {"b/fees": None, "c/avgifter": "b/fees"}


def test_the_link_may_be_a_path_and_stand_in_either_page(tmp_path: Path) -> None:
    pages = {
        "en/fees.html": page("<p>It costs 49.</p>"),
        "sv/avgifter.html": page("<p>Det kostar 49.</p>", "sv", head=link("en-GB", "../en/fees.html")),
        "fi/hinnat.html": page("<p>Se maksaa 49.</p>", "fi", head=link("sv", "../sv/avgifter.html")),
    }
    assert translations(tmp_path, pages) == {"en/fees": None, "fi/hinnat": "en/fees", "sv/avgifter": "en/fees"}


@pytest.mark.parametrize(
    ("tag", "href"),
    [
        ("x-default", "sv.html"),  # names no language
        ("de", "sv.html"),  # is in Swedish, says the page itself
        ("sv", "gone.html"),
        ("en", "other.html"),  # the same language is no translation
        ("en", "en.html"),  # itself
        ("???", "sv.html"),
    ],
)
def test_a_link_that_cannot_be_right_counts_for_nothing(tmp_path: Path, tag: str, href: str) -> None:
    pages = {
        "en.html": page("<p>It costs 49.</p>", head=link(tag, href)),
        "other.html": page("<p>It is red.</p>"),
        "sv.html": page("<p>Det kostar 49.</p>", "sv"),
    }
    assert set(translations(tmp_path, pages).values()) == {None}


def test_a_link_to_an_image_or_a_feed_is_none_to_a_translation(tmp_path: Path) -> None:
    head = '<link rel="stylesheet" hreflang="sv" href="sv.html"><link rel="alternate" href="sv.html">'
    pages = {"en.html": page("<p>It.</p>", head=head), "sv.html": page("<p>Det.</p>", "sv")}
    assert set(translations(tmp_path, pages).values()) == {None}


def test_a_page_that_several_name_is_the_translation_of_none_and_it_is_said_so(tmp_path: Path) -> None:
    pages = {
        "fees.html": page("<p>It costs 49.</p>", head=link("sv", "hem.html")),
        "hem.html": page("<p>Hem.</p>", "sv"),
        "hub.html": page("<p>Hold it.</p>", head=link("sv", "hem.html") + link("de", "de/nabe.html")),
        "de/nabe.html": page("<p>Halten.</p>", "de"),
    }
    documents, notices = read(tmp_path, pages)
    told = {name: each.translation_of for name, each in documents.items()}
    assert told == {"de/nabe": None, "fees": None, "hem": None, "hub": "de/nabe"}
    assert any("hreflang" in notice for notice in notices)


def test_paths_link_pages_as_they_do_in_markdown(tmp_path: Path) -> None:
    pages = {"en/fees.html": page("<p>It.</p>"), "sv/fees.html": page("<p>Det.</p>", "sv")}
    assert translations(tmp_path, pages) == {"en/fees": None, "sv/fees": "en/fees"}


def test_a_folder_with_markdown_files_is_read_as_before(tmp_path: Path) -> None:
    documents, _ = read(tmp_path, {"a.md": "# A\n\nHold it.", "index.html": page("<p>Layout</p>")})
    assert list(documents) == ["a"]


def test_a_file_alone_is_read_too_and_a_broken_one_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(b"<p>\xff</p>")
    assert isinstance(open_source(file), HtmlFolder)
    with pytest.raises(MalformedDocument, match=r"a\.html:1: not UTF-8"):
        read_corpus([file], today=TODAY, notice=print)
