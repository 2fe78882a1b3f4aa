"""HTML files as pages: what the head tells, and the article itself without what stands around it on a site."""

import html
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

from corpus.sources.fields import Fields
from corpus.sources.markdown_folder import MarkdownFolder
from corpus.sources.page import Page, file_text

#: Around an article, or of no use in words.
_AROUND = frozenset(
    {"nav", "header", "footer", "aside", "form", "button", "script", "style", "noscript", "template", "svg", "iframe"}
)
#: These say where the article is.
_ARTICLES = ("article", "main")
#: What `plain_markdown` says in Markdown; of other elements only the words are kept.
_SAID = frozenset(
    {
        *("table", "thead", "tbody", "tfoot", "tr", "th", "td", "ul", "ol", "li", "p", "div", "section", "details"),
        *("summary", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "a", "img", "br", "hr"),
        *("strong", "b", "em", "i", "code", "kbd", "samp"),
    }
)
_PARAGRAPHS = frozenset({"dl", "dt", "dd", "blockquote", "address"})
_SPACE = re.compile(r"\s+")
_SITE = re.compile(r"\s+[|–—·]\s+[^|–—·]+\Z")


class HtmlFolder(MarkdownFolder):
    """A folder of HTML files without Markdown files, each a help article; or one such file.

    The title is the first `<h1>`, else `<title>` without the site's name; the language `<html lang>`; the address
    `<link rel="canonical">`; the day `<meta property="article:modified_time">`. Of the text, what stands in
    `<article>` or `<main>` counts, else the body, without navigation, headers, footers, forms and scripts.
    `<link rel="alternate" hreflang="sv" href="…">` names a translation. The languages of names and folders, the links
    and what is left out are as in a folder of Markdown files.
    """

    takes = "a folder of HTML files (.html or .htm)"
    suffixes = (".html", ".htm")

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """An HTML file alone, or a folder with such files and none of Markdown: a site's layouts are no articles."""
        if not path.is_dir():
            return path.suffix.lower() in cls.suffixes
        endings = {file.suffix.lower() for file in path.rglob("*")}
        return not endings.isdisjoint(cls.suffixes) and endings.isdisjoint(MarkdownFolder.suffixes)

    def page(self, file: Path) -> Page:
        """The page in a file of the folder; MalformedDocument when it cannot be read."""
        found = _Parser()
        found.feed(file_text(file))
        found.close()
        fields = {name: value for name, value in found.fields.items() if value}
        if "<h1" in found.text:
            fields.pop("title", None)
        return Page(
            path=PurePosixPath(file.relative_to(self.root).as_posix()),
            record=Fields(place=str(file), fields=fields),
            text=found.text,
            alternates=tuple(found.alternates),
        )


class _Parser(HTMLParser):
    """Reads one file; `text` is its article as HTML that `plain_markdown` reads, without line breaks of the source."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.fields: dict[str, str] = {}
        self.alternates: list[tuple[str, str]] = []
        self._parts: dict[str, list[str]] = {"article": [], "main": [], "body": [], "title": []}
        self._open: list[str] = []
        self._around: list[str] = []
        self._written: list[str] | None = None

    @property
    def text(self) -> str:
        """The article, or what is nearest to one."""
        said = ("".join(self._parts[name]).strip() for name in (*_ARTICLES, "body"))
        return next(filter(None, said), "")

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Note what the head tells, and keep the element."""
        given = {name: (value or "").strip() for name, value in attrs}
        self._note(tag, given)
        if tag in _AROUND and not (tag == "header" and self._is_within):
            self._around.append(tag)
        elif tag in self._parts:
            self._open.append(tag)
            self._around.clear()  # one that was never closed
        elif tag == "pre":
            self._written = []
        elif self._written is None:
            self._say_element(tag)

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Such as <link … />."""
        self._note(tag, {name: (value or "").strip() for name, value in attrs})
        if self._written is None:
            self._say_element(tag)

    def handle_endtag(self, tag: str) -> None:
        """Keep the end of what was kept."""
        if tag in self._around:
            self._around.remove(tag)
        elif tag in self._parts:
            if tag in self._open:
                self._open.remove(tag)
            if tag == "title":
                self.fields.setdefault("title", _SITE.sub("", html.unescape(_joined(self._parts["title"]))))
        elif tag == "pre":
            written, self._written = html.unescape("".join(self._written or [])).strip("\n"), None
            self._say(f"\n\n```\n{written}\n```\n\n")
        elif self._written is None:
            self._say(f"</{tag}>" if tag in _SAID else "</p>" if tag in _PARAGRAPHS else "")

    def handle_data(self, data: str) -> None:
        """Words: a line break of the source is a space, except in what is written as it is."""
        if self._written is not None:
            self._written.append(data)
        else:
            self._say(_SPACE.sub(" ", data))

    def handle_entityref(self, name: str) -> None:
        """An entity stays one."""
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """So does a character by its number, as the character itself."""
        self.handle_data(html.unescape(f"&#{name};"))

    @property
    def _is_within(self) -> bool:
        return any(name in self._open for name in _ARTICLES)

    def _say_element(self, tag: str) -> None:
        written = self.get_starttag_text() or ""
        self._say(_SPACE.sub(" ", written) if tag in _SAID else "<p>" if tag in _PARAGRAPHS else "")

    def _say(self, text: str) -> None:
        if self._around:
            return
        # The body's tags may be left out, and nothing of the head but its title has words.
        for name in {"title"} & set(self._open) or {*self._open, "body"}:
            self._parts[name].append(text)

    def _note(self, tag: str, given: dict[str, str]) -> None:
        kinds = given.get("rel", "").lower().split()
        if tag == "html":
            self.fields.setdefault("language", given.get("lang", ""))
        elif tag == "link" and "canonical" in kinds:
            self.fields.setdefault("url", given.get("href", ""))
        elif tag == "link" and "alternate" in kinds and given.get("hreflang") and given.get("href"):
            self.alternates.append((given["hreflang"], given["href"]))
        elif tag == "meta" and given.get("property") == "article:modified_time":
            self.fields.setdefault("updated", given.get("content", ""))


def _joined(parts: Sequence[str]) -> str:
    return _SPACE.sub(" ", "".join(parts)).strip()
