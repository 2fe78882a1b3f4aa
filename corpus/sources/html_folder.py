"""HTML files as pages: what the head tells, and the article itself without what stands around it on a site."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePosixPath

from bs4 import BeautifulSoup, Tag

from corpus.document import Document
from corpus.sources.cleaning.article import Article
from corpus.sources.cleaning.characters import visible
from corpus.sources.cleaning.html import html_to_markdown
from corpus.sources.cleaning.links import Resolve, full_links
from corpus.sources.fields import Fields
from corpus.sources.markdown_folder import SUFFIXES as MARKDOWN_SUFFIXES
from corpus.sources.page import Page, file_text
from corpus.sources.page_folder import PageFolder
from corpus.sources.source import Notice

SUFFIXES = (".html", ".htm")
_SITE = re.compile(r"\s+[|–—·]\s+[^|–—·]+\Z")


class HtmlFolder:
    """A folder of HTML files without Markdown files, each a help article; or one such file.

    The title is the first `<h1>`, else `<title>` without the site's name; the language `<html lang>`; the address
    `<link rel="canonical">`; the day `<meta property="article:modified_time">`. Of the text, what
    `Article` names counts. `<link rel="alternate" hreflang="sv" href="…">` names a translation. The languages of names
    and folders, the links and what is left out are as in a folder of Markdown files.
    """

    takes = "a folder of HTML files (.html or .htm)"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)
        self._root = path if path.is_dir() else path.parent

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """An HTML file alone, or a folder with such files and none of Markdown: a site's layouts are no articles."""
        if not path.is_dir():
            return path.suffix.lower() in SUFFIXES
        endings = {file.suffix.lower() for file in path.rglob("*")}
        return not endings.isdisjoint(SUFFIXES) and endings.isdisjoint(MARKDOWN_SUFFIXES)

    def read(self, *, today: date, notice: Notice) -> Iterator[Document]:  # noqa: ARG002  # an article has its age from its date
        """The pages, sorted by path."""
        folder = PageFolder(path=self.path, suffixes=SUFFIXES, read_page=self._read_page, text_of=_text_of)
        return folder.documents(notice)

    def _read_page(self, file: Path) -> Page:
        soup = BeautifulSoup(file_text(file), "lxml")
        article = Article(soup)
        return Page(
            path=PurePosixPath(file.relative_to(self._root).as_posix()),
            record=Fields(place=str(file), fields=_fields(soup)),
            text=html_to_markdown(article.parts, article.leaves_out),
            alternates=tuple(_alternates(soup)),
            own_title=article.heading or _SITE.sub("", _words(soup.title)),
        )


def _text_of(page: Page, resolve: Resolve) -> str:
    return full_links(page.text, resolve)


def _fields(soup: BeautifulSoup) -> dict[str, object]:
    """The fields that the head of a page tells, as front matter would."""
    html, modified = soup.find("html"), soup.find("meta", attrs={"property": "article:modified_time"})
    canonical = next((link for link in soup.find_all("link") if "canonical" in _kinds(link)), None)
    said = {"language": _said(html, "lang"), "url": _said(canonical, "href"), "updated": _said(modified, "content")}
    return {name: value for name, value in said.items() if value}


def _alternates(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """The language and the address of each translation that a page names."""
    for link in soup.find_all("link"):
        language, address = _said(link, "hreflang"), _said(link, "href")
        if "alternate" in _kinds(link) and language and address:
            yield language, address


def _kinds(link: Tag) -> list[str]:
    return _said(link, "rel").lower().split()


def _said(tag: Tag | None, attribute: str) -> str:
    return " ".join(filter(None, tag.get_attribute_list(attribute))).strip() if tag else ""


def _words(tag: Tag | None) -> str:
    return " ".join(visible(tag.get_text()).split()) if tag else ""
