"""HTML as Markdown, and as customers then see it. All texts are our own."""

from time import process_time

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from channels.rich_text.document import parse
from channels.rich_text.html import render
from channels.rich_text.plain_text import plain
from corpus.sources.cleaning.html import html_to_markdown


def markdown(text: str) -> str:
    return html_to_markdown(BeautifulSoup(text, "lxml").body or ())


def shown(text: str) -> str:
    return plain(parse(markdown(text)))


@pytest.mark.parametrize(
    ("page", "written"),
    [
        ("<ol><li><p>Turn it.</p></li><li><p>Pull it.</p></li></ol>", "1. Turn it.\n2. Pull it."),
        (
            "<ol><li>Turn:<ul><li>left</li><li>right</li></ul></li><li>Pull.</li></ol>",
            "1. Turn:\n   - left\n   - right\n2. Pull.",
        ),
        (
            "<ol><li>Turn.<ol><li>a<ol><li>b</li></ol></li></ol></li><li>Pull.</li></ol>",
            "1. Turn.\n   1. a\n      1. b\n2. Pull.",
        ),
        ("<ol><li>Turn.</li><ul><li>left</li></ul><li>Pull.</li></ol>", "1. Turn.\n   - left\n2. Pull."),
        (
            "<ol><li>Run:<pre>ls -l\n  *.md</pre>and wait.</li><li>Stop.</li></ol>",
            "1. Run:\n\n   ```\n   ls -l\n     *.md\n   ```\n\n   and wait.\n2. Stop.",
        ),
        ("<ol start=4><li>Four</li><li>Five</li></ol>", "4. Four\n5. Five"),
        (
            "<ol><li>One</li></ol><p>Wait.</p><ol start='2'><li>Two</li></ol>",
            "1. One\n\nWait.\n\n2. Two",
        ),
        ("<ol><li>a</li></ol><ol><li>b</li></ol><ol><li>c</li></ol>", "1. a\n\n1) b\n\n1. c"),
        ("<div><ol><li>a</li></ol></div><div><ol><li>b</li></ol></div>", "1. a\n\n1) b"),
        ("<ol><li>a</li></ol><ol start=2><li>b</li></ol>", "1. a\n\n2. b"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
        ("<ul><li><p>One.</p><p>More.</p></li><li>Two</li></ul>", "- One.\n\n  More.\n- Two"),
        ("<ol><li></li><li>a</li></ol>", "2. a"),
        ("<li>a</li><li>b</li>", "- a\n- b"),
    ],
)
def test_lists_keep_their_numbers_and_what_belongs_to_an_item(page: str, written: str) -> None:
    assert markdown(page) == written


def test_a_list_of_any_length_has_the_numbers_of_its_items_on_every_channel() -> None:
    items = "".join(f"<li><p>Step {number}.</p><ul><li>x</li></ul></li>" for number in range(1, 13))
    lines = shown(f"<ol>{items}</ol>").splitlines()
    assert [line for line in lines if "Step" in line] == [f"{number}. Step {number}." for number in range(1, 13)]
    assert render(markdown(f"<ol>{items}</ol>")).count("<ol>") == 1


@pytest.mark.parametrize(
    ("page", "written"),
    [
        ("<p>Cut <del>100</del> 80</p>", "Cut ~~100~~ 80"),
        ("<p>10<sup>6</sup> m<sup>2</sup>, x<sup>n+1</sup>, e<sup>x</sup></p>", "10⁶ m², xⁿ⁺¹, e^x"),
        ("<p>the 1<sup>st</sup> and 2<sup>nd</sup></p>", "the 1st and 2nd"),
        ("<p>H<sub>2</sub>O, log<sub>2</sub>8</p>", "H2O, log_2 8"),
        ("<p>Press<b> Save </b>now</p>", "Press **Save** now"),
        ("<p><b>a</b><strong>b</strong> <b></b><i>c</i></p>", "**ab** *c*"),
        ("<p><b>Note:<br></b>go</p>", "**Note:**  \ngo"),
        ("<p>a<b>(b)</b>c</p>", "a(b)c"),
        ("<p><b>x <strong>y</strong></b></p>", "**x y**"),
        ("<p>one<br/>two<br>three</p>", "one  \ntwo  \nthree"),
        ("<p>Type <code>a`b</code> or <kbd>Ctrl</kbd>+<samp>x</samp></p>", "Type `` a`b `` or `Ctrl`+`x`"),
        ("<h2>Fees <code>#</code> C #</h2>", "## Fees `#` C \\#"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<dl><dt>Fee</dt><dd>49 kr</dd></dl>", "**Fee**\n\n49 kr"),
        ("<p>see <q>this</q></p><hr><p>x</p>", "see “this”\n\n---\n\nx"),
        ("<details><summary>Why?</summary><p>So.</p></details>", "## Why?\n\nSo."),
        ("<h3>A</h3><button aria-expanded=false>Why</button><div>So.</div>", "### A\n\n#### Why\n\nSo."),
        ("<h3><button>Why?</button></h3><p>So.</p>", "### Why?\n\nSo."),
        ("<p>Press <button>Save</button>.</p><button>Copy</button>", "Press Save."),
        ("<p>Choose <select><option>a<option>b</select></p>", "Choose a / b"),
        ("<a href='/x y'>a <b>b</b></a>", "[a **b**](/x%20y)"),
        ("<a href='x'><h3>a</h3><p>b</p></a>", "### a\n\nb"),
        ("<a href='x'>a]</a> <a href='y'>[b]</a> <a>c</a>", "[a\\]](x) [[b]](y) c"),
        ("<p>Wow!<a href='x'>a</a></p>", "Wow\\![a](x)"),
        ("<p>hop\u00adper \u200bx\ufeff</p>", "hopper x"),
        ("<tip-box>a</tip-box><tip-box>b</tip-box>", "a\n\nb"),
        ("<p>a <tip-box>b</tip-box> c</p>", "a b c"),
        ("<pre><code class='language-python'>a\n\n\n  b ``` c</code></pre>", "````python\na\n\n\n  b ``` c\n````"),
    ],
)
def test_other_elements_say_what_they_said(page: str, written: str) -> None:
    assert markdown(page) == written


@pytest.mark.parametrize(
    ("page", "written"),
    [
        (
            "<table><tr><th>a<th>b | c<tr><td><ul><li>1<li>2</ul><td>x<br>y</table>",
            "| a | b \\| c |\n| --- | --- |\n| 1; 2 | x y |",
        ),
        (
            "<table><caption>Fees</caption><tr><td>a<td>b<tr><td colspan=2>c</table>",
            "Fees\n\n| a | b |\n| --- | --- |\n| c |  |",
        ),
        (
            "<table><tr><td rowspan=2>a<td>b<tr><td>c</table>",
            "| a | b |\n| --- | --- |\n| a | c |",
        ),
        ("<table><tr><td><img alt=i></td><td>Open.</td></tr></table>", "Open."),
        ("<table><tr><td><h2>A</h2></td></tr><tr><td><p>b</p></td></tr></table>", "## A\n\nb"),
        ("<table><tr><td><table><tr><td>a<td>b</table></td><td>c</table>", "| a | b |\n| --- | --- |\n\nc"),
        ("<table></table><p>x</p>", "x"),
    ],
)
def test_tables_are_tables_and_what_only_lays_out_is_none(page: str, written: str) -> None:
    assert markdown(page) == written


@pytest.mark.parametrize(
    "prose",
    [
        "The `power key",
        "# of seats: 5",
        "__x__ and **y** and *.txt, *.md",
        "1. of May",
        "2) too",
        "- 5 degrees",
        "+ tax",
        "> 5 is big",
        "---",
        "===",
        "~~~",
        "a | b",
        "[x](y) and [x]: y and [x][y]",
        "&lt; is <",
        "C:\\*\\",
        "<b> <https://a.example>",
        "![a](b)",
        "    indented",
        "1986\\. A great year",
        "snake_case_name 5 * 3 * 2",
    ],
)
def test_prose_that_looks_like_markdown_is_shown_as_it_was_written(prose: str) -> None:
    page = BeautifulSoup("<p></p>", "html.parser")
    assert page.p is not None
    for before in ("", "Well: "):
        page.p.string = before + prose
        assert shown(str(page)) == " ".join((before + prose).split())


SIGNS = st.text(st.sampled_from("ab1 \\`*_[]()<>&;#-+=~|!.:\"'/"), min_size=1, max_size=24)


@given(SIGNS, st.sampled_from(["p", "li", "td", "h2", "div", "blockquote", "dd"]))
def test_any_prose_is_shown_as_it_was_written(prose: str, name: str) -> None:
    words = " ".join(prose.split())
    page = BeautifulSoup(
        f"<table><tr><{name}></{name}></table>" if name == "td" else f"<{name}></{name}>", "html.parser"
    )
    tag = page.find(name)
    assert tag is not None
    tag.append(prose)
    [*_, block] = parse(html_to_markdown([page])) or [None]
    said = plain([block]) if block else ""
    said = said.removeprefix("• ") if name == "li" else said.removeprefix("> ") if name == "blockquote" else said
    assert said == words


@pytest.mark.parametrize(
    "page",
    [
        "<ul>" + "<li>a" * 4_000,
        "<ul><li>" * 4_000 + "x",
        "<div>" * 4_000 + "x",
        "<b>a</b> " * 4_000,
        "<blockquote>" * 4_000 + "x",
        "<table><tr><td>" * 2_000 + "x",
        "<table><tr>" + "<td rowspan=40 colspan=40>a" * 200 + "<tr><td>b" * 200,
        "<p>" + "[" * 4_000 + "]" * 4_000,
        "<p>" + "`" * 8_000,
        "<p>" + "*a_ " * 4_000,
        "<p>" + "a<br> " * 4_000,
    ],
)
def test_hostile_pages_are_read_in_time_that_grows_with_them(page: str) -> None:
    started = process_time()
    markdown(page)
    assert process_time() - started < 5
