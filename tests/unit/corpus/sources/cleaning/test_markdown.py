from time import process_time

import pytest

from corpus.sources.cleaning.markdown import clean_markdown


def plain(text: str) -> str:
    return clean_markdown(text, include=lambda name: f"({name})", resolve=lambda _: None)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('[a](https://b.c){:target="_blank"}{:rel="noopener"} d', "[a](https://b.c) d"),
        ("* TOC\n{:toc}\n\nText.", "Text."),
        ("## Fees {#fees}\n\nNone.", "## Fees\n\nNone."),
        ("A.\n{: .note }\n\nB.", "A.\n\nB."),
        ("A.\n\n{% assign x = 1 %}\n\nB.", "A.\n\nB."),
        ("{% comment %}\nno\n{% endcomment %}A.<!-- no\nno -->", "A."),
        ("[a]({{ site.baseurl }}/b) and {{page.title}}", "a and"),
        ("{% include x.md %}!", "(x.md)!"),
        ("Write {{ ticket.id }} and 5 < 6 and <your name>.", "Write {{ ticket.id }} and 5 < 6 and <your name>."),
    ],
)
def test_a_site_generators_marks_are_taken_out(written: str, said: str) -> None:
    assert plain(written) == said


@pytest.mark.parametrize(
    "code",
    [
        "Write `{% include x %}`, `<b>` and ``{: .a}``.",
        "```html\n<ul>\n    <li>a</li>\n</ul>\n<!-- kept -->\n\n\n\n{{ site.x }}\n```",
        "- a\n\n    ```\n    {: .a}\n    ```\n\n- b",
        "~~~\n[a](b)\n~~~",
        "```\n{% open %}",
    ],
)
def test_code_is_never_touched(code: str) -> None:
    assert plain(code) == code


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('<p>\n    A <strong class="x">b</strong>\n    <em>c</em> <code>d</code><br />e\n</p>', "A **b** *c* `d`  \ne"),
        ("<ul>\n    <li>a</li>\n    <li>b\n        c</li>\n</ul>\nd", "- a\n- b c\n\nd"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<h3 id='x'>Big\nnews</h3>Text.", "### Big news\n\nText."),
        ('<a class="x" href="https://b.c/?q=a b" rel="y">a</a>', "[a](https://b.c/?q=a%20b)"),
        ('<img src="https://b.c/d.png" alt="D">', "![D](https://b.c/d.png)"),
        ('<img alt="D">A<video><source src="x">No video.</video>', "A"),
        ("<span>a</span> &amp; b&nbsp;c &gt; &lt;d&gt;", "a & b c > &lt;d>"),
        (
            "<table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td>c\nd</td><td>e<br>f</td></tr></table>",
            "| a | b |\n| --- | --- |\n| c d | e f |",
        ),
        (
            "| a    | b      |\n| ---- | ------ |\n| c    | {::nomarkdown}<ul><li>d</li><li>e</li></ul>{:/} |",
            "| a | b |\n| --- | --- |\n| c | d; e |",
        ),
        ("10<sup>6</sup> was <del>100</del> 80", "10⁶ was ~~100~~ 80"),
        ("1. Choose:\n   <ul><li>a</li><li>b</li></ul>\n2. Go", "1. Choose:\n   - a\n   - b\n\n2. Go"),
        ("- x <p>y</p>\n- z", "- x \n\n  y\n\n- z"),
        ("<ol><li>**a**<pre>b\n  c</pre></li></ol>", "1. **a**\n\n   ```\n   b\n     c\n   ```"),
        ("<ul>\n<li>a\n\n```py\nx  y\n```\n</li>\n<li>b</li></ul>", "- a\n\n  ```py\n  x  y\n  ```\n- b"),
        (
            "## A\n\n<details>\n<summary>Why?</summary>\n\n- b\n- c\n\n</details>\nd",
            "## A\n\n### Why?\n\n- b\n- c\n\nd",
        ),
        ('<p align="center">\n\n**a**\n\n</p>', "**a**"),
        ("a<br>b <br/>\nc", "a  \nb  \nc"),
        ("# A<br>b", "# A b"),
        ("| a<br>b | <b>c</b> |\n| --- | --- |\n| <p>d</p> | e |", "| a b | **c** |\n| --- | --- |\n| d | e |"),
        ("> <ul><li>a</li><li>b</li></ul>", "> - a\n> - b"),
        ("a <b>b\nc</b> <p>d", "a **b c** d"),
        ("a </b> <li> <your name> <3", "a   <your name> <3"),
        ("a <b>`<i>`</b> `<b>`", "a **`<i>`** `<b>`"),
        ("<code>&lt;b&gt; `</code>", "`` <b> ` ``"),
        ("_a_ *b* __c__ # d", "_a_ *b* __c__ # d"),
        ("a\u00adb\u200b", "ab"),
        ("- ```\n  <b>\n  ```\n\n<b>c</b>", "- ```\n  <b>\n  ```\n\n**c**"),
        ("a\n\n    <b>x</b>\n\n<b>c</b>", "a\n\n    <b>x</b>\n\n**c**"),
    ],
)
def test_html_is_said_in_markdown(written: str, said: str) -> None:
    assert plain(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[a](https://b.c) [d](mailto:d@e.f) <https://g.h>", "[a](https://b.c) [d](mailto:d@e.f) <https://g.h>"),
        ('[a](/b) [c](../d.md "D") [e](#f)', "a c e"),
        ("A.\n\n![shot](/shot.png)\n\nB.", "A.\n\nB."),
        ("[![shot](/shot.png)](/b) [![c](https://d.e/c.png)](https://d.e)", "[![c](https://d.e/c.png)](https://d.e)"),
        (
            "[a][1], [b][] and [c][x].\n\n[1]: https://d.e\n[B]: <https://f.g> 'F'\n",
            '[a](https://d.e), [b](https://f.g "F") and [c][x].',
        ),
        ("[wiki](https://b.c/d_(e))", "[wiki](https://b.c/d_(e))"),
    ],
)
def test_links_work_wherever_they_are_shown_or_are_only_words(written: str, said: str) -> None:
    assert plain(written) == said


@pytest.mark.parametrize(
    "text",
    [
        "<b>" * 4_000 + "x" + "</b>" * 4_000,
        "<ul><li>" * 4_000 + "</li></ul>" * 4_000,
        "<div>\n\n" * 4_000 + "</div>" * 4_000,
        '<a href="' * 8_000,
        "<a " * 8_000,
        "<!--" * 8_000,
        "{%" * 8_000,
        "{%\n" * 8_000 + "%}",
        "{% comment %}" * 4_000,
        "{% include x " * 8_000,
        "{{ site." * 8_000,
        "{:" * 8_000,
        "# a {#" * 4_000,
        "`a``b" * 8_000,
        "\\" * 8_000 + "`",
        "&a" * 8_000,
        "[a](" * 4_000,
        "<" * 8_000,
    ],
)
def test_hostile_texts_are_read_in_time_that_grows_with_them(text: str) -> None:
    started = process_time()
    plain(text)
    assert process_time() - started < 5
