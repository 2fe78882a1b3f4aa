from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin

from corpus.document import Document
from corpus.markdown_outline import blocks
from corpus.sources.cleaning.links import Resolve
from corpus.sources.fields import Fields
from corpus.sources.page import Page
from corpus.sources.source import Notice, report_skipped
from corpus.sources.translations import originals

#: A site generator's own: parts of pages, and pages that are not published.
_NOT_PAGES = frozenset({"_includes", "_layouts", "_drafts", "_site", "node_modules"})
_DATES = ("updated", "last_updated", "last_modified_at", "lastmod", "date")
#: What a page can do without, and how it is read.
_OPTIONAL: dict[str, Callable[[Fields, str], object]] = {
    **dict.fromkeys(("id", "title", "url", "html_url", "canonical_url", "permalink"), Fields.optional_text),
    **dict.fromkeys(("language", "lang"), Fields.language),
    **dict.fromkeys(_DATES, Fields.day),
    "kind": lambda record, field: record.optional_text(field) and record.kind(field),
    "questions": Fields.texts,
    "authority": Fields.share,
    "translation_of": Fields.optional_text,
}
#: Files that may be pages of a help centre, whoever can read them.
_KNOWLEDGE = frozenset(
    {".adoc", ".csv", ".docx", ".htm", ".html", ".ipynb", ".json", ".jsonl", ".markdown", ".md", ".mdx", ".org", ".pdf"}
    | {".rst", ".rtf", ".txt", ".xhtml", ".xml"}
)

#: Gives a page's text as Markdown whose links work anywhere.
TextOf = Callable[[Page, Resolve], str]


@dataclass(frozen=True, kw_only=True)
class PageFolder:
    """The pages of a folder, or one page alone, as documents: what folders of any kind of page have in common."""

    path: Path
    #: What the names of its pages end with, in lower case.
    suffixes: tuple[str, ...]
    #: Reads the page in a file; MalformedDocument when it cannot be understood.
    read_page: Callable[[Path], Page]
    text_of: TextOf
    _neighbours: dict[PurePosixPath, str | None] = field(default_factory=dict, init=False)

    def documents(self, notice: Notice) -> Iterator[Document]:
        """The published pages that have text, sorted by path; the others are told to `notice`."""
        refused: list[str] = []
        pages = [self._checked(self.read_page(file), refused) for file in self._files()]
        report_skipped(refused, "fields that cannot be read, though not their pages", notice)
        self._report_unread(notice)
        published = [page for page in pages if page.published]
        self._neighbours.update({page.path: page.url for page in pages})
        empty = []
        translated = originals(published, self._neighbours, notice)
        for page in published:
            document = self._document(page, translated.get(page.id))
            if document.text:
                yield document
            else:
                empty.append(document.origin)
        report_skipped(
            [page.record.place for page in pages if not page.published], "pages that are not published", notice
        )
        report_skipped(empty, "pages without text", notice)

    def _files(self) -> list[Path]:
        if not self.path.is_dir():
            return [self.path]
        within = {
            file.relative_to(self.path): file for file in self.path.rglob("*") if file.suffix.lower() in self.suffixes
        }
        pages = [path for path, file in within.items() if (file.is_file() or not file.exists()) and self._is_page(path)]
        return [within[path] for path in sorted(pages, key=lambda path: path.as_posix())]

    @staticmethod
    def _checked(page: Page, refused: list[str]) -> Page:
        """The page without the fields that cannot be read: none of them is worth the page."""
        record, errors = page.record.readable(_OPTIONAL)
        refused += errors
        return replace(page, record=record)

    def _report_unread(self, notice: Notice) -> None:
        """Say which files beside the pages may hold knowledge too."""
        if not self.path.is_dir():
            return
        kinds = Counter(
            file.suffix.lower()
            for file in self.path.rglob("*")
            if file.suffix.lower() in _KNOWLEDGE - {*self.suffixes} and self._is_page(file.relative_to(self.path))
        )
        if kinds:
            counted = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
            notice(
                f"Did not read {kinds.total()} files of {self.path} that are no {' or '.join(self.suffixes)} files: "
                f"{counted}. Give a folder of Markdown, one of HTML and each .jsonl file as sources of their own, and "
                "convert the others (docs/sources.md)."
            )

    @staticmethod
    def _is_page(path: Path) -> bool:
        return not any(part.startswith(".") or part in _NOT_PAGES for part in path.parts)

    def _document(self, page: Page, original: str | None) -> Document:
        record = page.record
        title, text = _titled(record.optional_text("title"), self.text_of(page, lambda link: self._resolve(page, link)))
        kind = record.kind() if record.optional_text("kind") else "article"
        return Document(
            id=page.id,
            title=title or page.own_title or _name(page.path),
            text=text,
            kind=kind,
            url=page.url,
            language=page.language(self._neighbours),
            questions=record.texts("questions"),
            updated=next(filter(None, map(record.day, _DATES)), None),
            authority=record.authority(kind),
            translation_of=record.optional_text("translation_of") or original,
            origin=record.place,
        )

    def _resolve(self, page: Page, target: str) -> str | None:
        """The address of another page of this folder, or one on the page's own site."""
        file, mark, anchor = target.partition("#")
        other = self._neighbours.get(page.neighbour(unquote(file)))
        if other:
            return f"{other}{mark}{anchor}"
        return urljoin(page.url, target) if page.url and not file.endswith(self.suffixes) else None


def _name(path: PurePosixPath) -> str:
    return path.stem.replace("-", " ").replace("_", " ").strip().capitalize()


def _titled(title: str | None, text: str) -> tuple[str | None, str]:
    """The title, and the text without the heading that says it."""
    found = blocks(text)
    for number, block in enumerate(found):
        says_it = block.heading.casefold() == title.casefold() if title else block.level == 1
        if block.heading and says_it:
            return title or block.heading, "".join(b.text for b in (*found[:number], *found[number + 1 :])).strip()
        if title:
            break
    return title, text
