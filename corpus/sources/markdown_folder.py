from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin

from corpus.document import Document
from corpus.markdown_outline import blocks
from corpus.sources.cleaning.markdown import clean_markdown
from corpus.sources.page import Page, read_page
from corpus.sources.source import Notice, report_skipped
from corpus.sources.translations import originals

#: A site generator's own: parts of pages, and pages that are not published.
_NOT_PAGES = frozenset({"_includes", "_layouts", "_drafts", "_site", "node_modules"})
_DATES = ("updated", "last_updated", "last_modified_at", "lastmod", "date")


class MarkdownFolder:
    """A folder of Markdown files, each a help article, with or without YAML front matter; or one such file.

    Read from the front matter, all of them optional: `id` (else the path within the folder, without suffix), `title`
    (else the first `# ` heading, else the file's name), `url` (also `html_url`, `canonical_url` or `permalink`; only
    a full address counts), `language` or `lang`, `kind`, `updated` (also `last_updated`, `last_modified_at`,
    `lastmod` or `date`), `questions`, `authority` and `translation_of`, the id of the page that it translates. A
    language that the front matter does not say is told from a name such as `fees-sv_SE.md`, from `fees.sv.md` beside
    `fees.md`, or from a folder such as `translated/sv`. Pages whose paths differ in their language alone, such as
    `en/fees.md` and `sv/fees.md`, are translations of the first of them.

    What a site generator leaves in the text is taken out, its includes are filled in from `_includes`, HTML is said
    in Markdown, and links that only hold on the site are completed from the page's `url`. Hidden files, pages marked
    `published: false` or `draft: true` and pages without text are left out, the last two with a notice.
    """

    takes = "a folder of Markdown files (.md or .markdown)"
    suffixes: tuple[str, ...] = (".md", ".markdown")

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)
        self.root = path if path.is_dir() else path.parent

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """Any folder, and a Markdown file alone."""
        return path.is_dir() or path.suffix.lower() in cls.suffixes

    def page(self, file: Path) -> Page:
        """The page in a file of the folder; MalformedDocument when it cannot be understood."""
        return read_page(file, self.root)

    def read(self, *, today: date, notice: Notice) -> Iterator[Document]:  # noqa: ARG002  # an article has its age from its date
        """The pages, sorted by path."""
        pages = [self.page(file) for file in self._files()]
        published = [page for page in pages if page.published]
        neighbours = {page.path: page.url for page in pages}
        missing: Counter[str] = Counter()
        empty = []
        translated = originals(published, neighbours, notice)
        for page in published:
            document = _document(page, neighbours, self._text(page, neighbours, missing), translated.get(page.id))
            if document.text:
                yield document
            else:
                empty.append(document.origin)
        report_skipped(
            [page.record.place for page in pages if not page.published], "pages that are not published", notice
        )
        report_skipped(empty, "pages without text", notice)
        unfound = [f"{name} ({times} times)" for name, times in missing.items()]
        report_skipped(
            unfound, f"includes of {self.name} that no _includes folder holds, so words are missing there", notice
        )

    def _files(self) -> list[Path]:
        if not self.path.is_dir():
            return [self.path]
        within = {
            file.relative_to(self.path): file for file in self.path.rglob("*") if file.suffix.lower() in self.suffixes
        }
        pages = [
            path
            for path, file in within.items()
            if (file.is_file() or not file.exists())
            and not any(part.startswith(".") or part in _NOT_PAGES for part in path.parts)
        ]
        return [within[path] for path in sorted(pages, key=lambda path: path.as_posix())]

    def _text(self, page: Page, neighbours: dict[PurePosixPath, str | None], missing: Counter[str]) -> str:
        def include(name: str) -> str:
            for folder in (self.root / "_includes", self.root.parent / "_includes"):
                if ".." not in name and (folder / name).is_file():
                    return read_page(folder / name, folder).text.strip()
            missing[name] += 1
            return ""

        def resolve(target: str) -> str | None:
            """The address of another page of this folder, or one on the page's own site."""
            file, mark, anchor = target.partition("#")
            other = neighbours.get(page.neighbour(file))
            if other:
                return f"{other}{mark}{anchor}"
            return urljoin(page.url, target) if page.url and not file.endswith(self.suffixes) else None

        return clean_markdown(page.text, include=include, resolve=resolve)


def _document(page: Page, neighbours: dict[PurePosixPath, str | None], text: str, original: str | None) -> Document:
    record = page.record
    title, text = _titled(record.said("title"), text)
    kind = record.kind() if record.said("kind") else "article"
    return Document(
        id=page.id,
        title=title or page.path.stem.replace("-", " ").replace("_", " ").strip().capitalize(),
        text=text,
        kind=kind,
        url=page.url,
        language=page.language(neighbours),
        questions=record.texts("questions"),
        updated=next(filter(None, map(record.day, _DATES)), None),
        authority=record.authority(kind),
        translation_of=record.said("translation_of") or original,
        origin=record.place,
    )


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
