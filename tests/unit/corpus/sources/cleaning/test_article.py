"""The article of a page, and what stands around it. All pages are our own."""

import pytest
from bs4 import BeautifulSoup

from corpus.sources.cleaning.article import Article
from corpus.sources.cleaning.html import html_to_markdown


def read(body: str) -> str:
    article = Article(BeautifulSoup(f"<html><body>{body}</body></html>", "lxml"))
    return html_to_markdown(article.parts, article.leaves_out)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>Ad.</p><main><h1>A</h1><p>b</p></main><p>Ad.</p>", "# A\n\nb"),
        ("<main><p>Ad.</p><article><h1>A</h1><p>b</p></article></main>", "# A\n\nb"),
        ("<main><h1>A</h1><p>b</p><article><a href='/c'>c</a></article></main>", "# A\n\nb\n\n[c](/c)"),
        ("<main><h1>A</h1><article>b</article><article>c</article></main>", "# A\n\nb\n\nc"),
        (
            "<main><p>Ad.</p><article>A long one.</article><article>Another one.</article></main>",
            "A long one.\n\nAnother one.",
        ),
        ("<div role=main><p>a</p></div><p>Ad.</p>", "a"),
        ("<form><main><p>All in a form.</p></main></form>", "All in a form."),
        ("<p>a</p>", "a"),
    ],
)
def test_the_article_is_where_the_heading_is(body: str, text: str) -> None:
    assert read(body) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<main>a<aside class=warning>Unplug it.</aside>b</main>", "a\n\nUnplug it.\n\nb"),
        ("<main>a<aside>Unplug it first.</aside></main>", "a\n\nUnplug it first."),
        ("<main>a<aside><a href=x>More pages</a></aside></main>", "a"),
        ("<aside>Contents</aside><p>a</p>", "a"),
        ("<aside class='note big'>Unplug it.</aside><p>a</p>", "Unplug it.\n\na"),
        ("<header>Acme</header><main><header><h1>A</h1></header>b<footer>by Eva</footer></main>", "# A\n\nb"),
        ("<div role=navigation><a href=x>Home</a></div><p>a</p>", "a"),
        ("<ul class=breadcrumbs><li><a href=x>Home</a></li><li>Fees</li></ul><p>a</p>", "a"),
        ("<div id=toc><h2>Contents</h2><ul><li><a href='#x'>All of it</a></li></ul></div><p>a</p>", "a"),
        (
            "<div class=toc><h2>a</h2><p>An article about tables of contents.</p></div>",
            "## a\n\nAn article about tables of contents.",
        ),
        ("<h2>Fees<a href='#fees'>¶</a></h2><p>a</p>", "## Fees\n\na"),
        ("<p hidden>a</p><p style='color:red; display: none'>b</p><i aria-hidden=true>c</i><p>d</p>", "d"),
        ("<button aria-controls=x>Why?</button><div id=x hidden>So.</div>", "## Why?\n\nSo."),
        ("<h3>Why?</h3><div class='accordion-body' style='display:none'>So.</div>", "### Why?\n\nSo."),
        (
            "<p>Press <span><i hidden></i><span hidden>Command</span><span hidden>Ctrl</span></span>+C.</p>",
            "Press Command / Ctrl+C.",
        ),
        ("<div><div hidden><p>On a Mac.</p></div><div hidden><p>Elsewhere.</p></div></div>", "On a Mac.\n\nElsewhere."),
        ("<p>Press <span>Ctrl</span><span hidden>Command</span>+C.</p>", "Press Ctrl+C."),
        ("<div><p hidden>Signed out.</p></div><p>a</p>", "a"),
        ("<div><p hidden role=dialog>b</p><p hidden role=dialog>c</p></div><p>a</p>", "a"),
        ("<p>a</p><script>b</script><noscript>c</noscript><template>d</template><svg><title>e</title></svg>", "a"),
        ("<p>a</p><form><input><button>Send</button></form>", "a"),
        (
            "<table><tr><td class=linenos><pre>1\n2</pre></td><td><pre>x\ny</pre></td></tr></table>",
            "```\nx\ny\n```",
        ),
    ],
)
def test_what_warns_or_answers_stays_and_what_leads_elsewhere_goes(body: str, text: str) -> None:
    assert read(body) == text


def test_the_heading_of_the_page_may_stand_above_its_article() -> None:
    page = BeautifulSoup("<header><h1>Refund \u00ad policy</h1></header><main><p>a</p></main>", "lxml")
    assert Article(page).heading == "Refund policy"
    assert Article(BeautifulSoup("<h1>A</h1><h1>B</h1><main>a</main>", "lxml")).heading == ""
    assert Article(BeautifulSoup("<main><h1>A</h1></main>", "lxml")).heading == ""
