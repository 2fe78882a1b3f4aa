import re
from collections.abc import Container
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath

import frontmatter
import yaml

from corpus.errors import MalformedDocument, SourceNotFound
from corpus.language_tags import language_code
from corpus.sources.fields import Fields

_TRANSLATIONS = frozenset({"translated", "translations", "i18n", "l10n", "lang", "langs", "locale", "locales"})
_LOCALE = re.compile(r"[-_.]([a-z]{2}[-_][A-Z]{2})\Z")
_FULL_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_NO = frozenset({"false", "no", "off", "0"})
#: Texts, whatever YAML would make of them: a version, a day, a no.
_TEXTS = ("id", "title", "language", "lang")
#: Reads the same YAML as `_YAML`, which takes the one in C where there is one.
_AS_WRITTEN = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_YAML = frontmatter.YAMLHandler()


@dataclass(frozen=True, kw_only=True)
class Page:
    """A Markdown file as it was found: its front matter and its text."""

    #: Within the folder.
    path: PurePosixPath
    record: Fields
    text: str
    #: The page in other languages, by the links of its HTML: language tag and address.
    alternates: tuple[tuple[str, str], ...] = ()
    #: What it is called where neither its front matter nor a heading of the text says.
    own_title: str = ""

    @property
    def id(self) -> str:
        """The front matter's id, else the path without suffix."""
        return self.record.optional_text("id") or str(self.path.with_suffix(""))

    @property
    def url(self) -> str | None:
        """The page's full address; a permalink that only says where on the site is none."""
        said = (self.record.optional_text(field) for field in ("url", "html_url", "canonical_url", "permalink"))
        return next((url for url in said if url and _FULL_ADDRESS.match(url)), None)

    @property
    def published(self) -> bool:
        """False for a page that its author keeps back, or may: a mark that cannot be understood is one."""
        fields = self.record.fields
        if _said(fields.get("published")) in _NO or _said(fields.get("status")) == "draft":
            return False
        return all(_said(fields.get(field)) in {"", *_NO} for field in ("draft", "hidden"))

    def language(self, neighbours: Container[PurePosixPath]) -> str | None:
        """The language that the front matter says, else the name, where a name can mean nothing else."""
        said = self.record.language("language") or self.record.language("lang")
        if said:
            return said
        stem = PurePosixPath(self.path.stem)
        if locale := _LOCALE.search(self.path.stem):
            return language_code(locale[1])
        if stem.suffix and self.path.with_name(stem.stem + self.path.suffix) in neighbours:
            return language_code(stem.suffix[1:])
        folders = self.path.parent.parts
        for above, folder in pairwise(folders):
            if above.lower() in _TRANSLATIONS:
                return language_code(folder)
        return None

    def neighbour(self, file: str) -> PurePosixPath:
        """The path of another file of the folder, as this page names it."""
        parts: list[str] = []
        for part in (self.path.parent / file).parts:
            parts = parts[:-1] if part == ".." else [*parts, part]
        return PurePosixPath(*parts)

    def path_in_any_language(self, language: str) -> PurePosixPath:
        """The path without what says that it is in this language: that of its translations too."""
        folders = [folder for folder in self.path.parent.parts if language_code(folder) != language]
        stem = _LOCALE.sub("", self.path.stem)
        if language_code(PurePosixPath(stem).suffix[1:]) == language:
            stem = PurePosixPath(stem).stem
        return PurePosixPath(*folders, stem)


def read_page(file: Path, root: Path) -> Page:
    """The page in a file below `root`; MalformedDocument when it cannot be understood, with the line."""
    fields, text = _front_matter(file_text(file), file)
    return Page(
        path=PurePosixPath(file.relative_to(root).as_posix()), record=Fields(place=str(file), fields=fields), text=text
    )


def file_text(file: Path) -> str:
    """The text of a file; SourceNotFound when it cannot be read, MalformedDocument when it is not UTF-8."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise SourceNotFound(f"{file}: cannot be read ({error.strerror}); check its permissions") from error
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MalformedDocument(f"{file}:{line}: not UTF-8; save the file as UTF-8") from None


def _front_matter(text: str, file: Path) -> tuple[dict[str, object], str]:
    if not _YAML.detect(text):
        return {}, text
    try:
        header, body = _YAML.split(text)
    except ValueError:
        # A lone --- is a line across the page.
        if not re.match(r"---+\s*\n[\w-]+:", text):
            return {}, text
        raise MalformedDocument(f"{file}:1: the front matter has no end; close it with a line ---") from None
    first_line = text.count("\n", 0, text.find(header)) + 1
    try:
        # Some values are refused where all that is wrong is one day: then each is what is written.
        written = yaml.load(header, Loader=_AS_WRITTEN)  # noqa: S506  # it makes texts, lists and mappings only
        try:
            fields = _YAML.load(header)
        except ValueError:
            fields = written
    except yaml.MarkedYAMLError as error:
        line = first_line + (error.problem_mark.line if error.problem_mark else 0)
        raise MalformedDocument(
            f"{file}:{line}: the front matter is not YAML ({error.problem}); put texts in quotes"
        ) from None
    except (yaml.YAMLError, ValueError) as error:
        raise MalformedDocument(f"{file}:{first_line}: the front matter is not YAML ({error}); correct it") from None
    if fields is None:
        return {}, body
    if not isinstance(fields, dict):
        return {}, text
    texts = {name: written[name] for name in _TEXTS if fields.get(name) is not None and isinstance(written[name], str)}
    return {str(field): value for field, value in fields.items()} | texts, body


def _said(value: object) -> str:
    return "" if value is None else str(value).strip().casefold()
