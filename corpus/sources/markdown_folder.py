from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from corpus.document import Document
from corpus.sources.cleaning.links import Resolve
from corpus.sources.cleaning.markdown import clean_markdown
from corpus.sources.page import Page, read_page
from corpus.sources.page_folder import PageFolder
from corpus.sources.source import Notice, report_skipped

SUFFIXES = (".md", ".markdown")


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

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)
        self._root = path if path.is_dir() else path.parent

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """Any folder, and a Markdown file alone."""
        return path.is_dir() or path.suffix.lower() in SUFFIXES

    def read(self, *, today: date, notice: Notice) -> Iterator[Document]:  # noqa: ARG002  # an article has its age from its date
        """The pages, sorted by path."""
        missing: Counter[str] = Counter()

        def include(name: str) -> str:
            for folder in (self._root / "_includes", self._root.parent / "_includes"):
                if ".." not in name and (folder / name).is_file():
                    return read_page(folder / name, folder).text.strip()
            missing[name] += 1
            return ""

        def text_of(page: Page, resolve: Resolve) -> str:
            return clean_markdown(page.text, include=include, resolve=resolve)

        folder = PageFolder(
            path=self.path, suffixes=SUFFIXES, read_page=lambda file: read_page(file, self._root), text_of=text_of
        )
        yield from folder.documents(notice)
        unfound = [f"{name} ({times} times)" for name, times in missing.items()]
        report_skipped(
            unfound, f"includes of {self.name} that no _includes folder holds, so words are missing there", notice
        )
