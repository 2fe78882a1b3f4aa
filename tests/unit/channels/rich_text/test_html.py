from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.rich_text.html import ATTRIBUTES, TAGS, URL_SCHEMES, render

LINK = {"href", "title", "rel", "target"}


class Elements(HTMLParser):
    """The elements of a piece of HTML, as a browser would find them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.comments: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Plain.", "<p>Plain.</p>"),
        ("**bold** *it* `x < 1`", "<p><strong>bold</strong> <em>it</em> <code>x &lt; 1</code></p>"),
        ("3. three\n4. four", '<ol start="3">\n<li>three</li>\n<li>four</li>\n</ol>'),
        ("```sh\nls <dir>\n```", "<pre><code>ls &lt;dir&gt;\n</code></pre>"),
        ("one\ntwo", "<p>one\ntwo</p>"),
        (
            "[a](https://example.com/x)",
            '<p><a href="https://example.com/x" target="_blank" rel="noopener nofollow">a</a></p>',
        ),
        (
            "see https://example.com.",
            '<p>see <a href="https://example.com" target="_blank" rel="noopener nofollow">https://example.com</a>.</p>',
        ),
        (
            "![a *lamp*](https://example.com/l.png)",
            '<p><a href="https://example.com/l.png" target="_blank" rel="noopener nofollow">a lamp</a></p>',
        ),
        (
            "[![lamp](https://example.com/l.png)](https://example.com/)",
            '<p><a href="https://example.com/" target="_blank" rel="noopener nofollow">lamp</a></p>',
        ),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    ],
)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert render(text) == html


def test_an_agents_line_breaks_are_kept() -> None:
    assert render("one\ntwo", as_typed=True) == "<p>one<br>\ntwo</p>"


def test_a_table_is_a_table() -> None:
    tags = [tag for tag, _ in Elements(render("| a | b |\n|---|---|\n| 1 | 2 |")).found]

    assert tags == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]


def test_a_relative_link_leads_nowhere() -> None:
    assert "href" not in render("[x](/account/delete)")


MARKUP = st.text(st.sampled_from("<>\"'=/!&;:()[]`*_#|-\n \tahrefonclickscriptsvgimgjavascript:https"), max_size=200)
PIECES = st.lists(
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg/onload=alert(1)>",
            "[a](javascript:alert(1))",
            "[a](<java\nscript:alert(1)>)",
            "![a](data:text/html,x)",
            '![a](https://e.com/"onerror="alert(1))',
            '[a](https://e.com "x\\" onclick=alert(1)")',
            "<https://e.com/<script>>",
            "<!--",
            "-->",
            "`",
            "```",
            "\n",
            "> ",
            "| a |\n|---|\n",
            "</p>",
            "&lt;script&gt;",
            "<style>",
            "<a href='vbscript:x' style='x'>",
        ]
    )
    | MARKUP
).map("".join)


@given(PIECES | st.text(), st.booleans())
@example("<script>alert(1)</script>", False)
def test_nothing_but_known_tags_and_attributes_comes_out(text: str, breaks: bool) -> None:
    found = Elements(render(text, as_typed=breaks))

    assert found.comments == []
    for tag, attributes in found.found:
        assert tag in TAGS
        assert set(attributes) <= (LINK if tag == "a" else ATTRIBUTES.get(tag, set()))
        if tag == "a":
            assert (attributes["rel"], attributes["target"]) == ("noopener nofollow", "_blank")
        if "href" in attributes:
            assert urlsplit(attributes["href"] or "").scheme in URL_SCHEMES
