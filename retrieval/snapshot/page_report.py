"""The pages of a space as its own words find them: written at indexing, read by the first report."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal, Self

from retrieval.errors import SnapshotDamaged

FILE: Final = "pages.json"
#: Pages that a finding names.
EXAMPLES: Final = 5
#: A page counts as found among the first where it is one of so many.
AMONG: Final = 3

#: no_text: next to nothing stands below the title, and no question is known that it answers. no_title: there is none.
#: same_title: another page
#: is called the same. vague_title: other pages hold more of the title's words than the page's own text.
#: near_duplicate: another page says the same. unread_language: the encoder does not read the page's language.
#: not_found: asked for by its own words, it is not among the first.
FindingKind = Literal[
    "no_text", "no_title", "same_title", "vague_title", "near_duplicate", "unread_language", "not_found"
]


@dataclass(frozen=True, kw_only=True)
class PageFinding:
    """Something that stands in the way of finding some pages."""

    kind: FindingKind
    #: The pages it was seen on, of those examined, and how many of these do not come first by their own words.
    pages: int
    not_first: int
    #: Ids of some of them, those that do not come first before others.
    examples: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PageReport:
    """Counts of pages: all that a space serves, those examined, and those found by a sentence of their own."""

    pages: int
    examined: int
    #: Those that were asked for, since they have a sentence of their own; that came first; that came among the first.
    asked: int
    first: int
    among: int
    #: Pages for which somebody has worded a question, beside the title.
    phrased: int
    findings: tuple[PageFinding, ...]

    def save(self, directory: Path) -> None:
        """Write it as JSON."""
        (directory / FILE).write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), "utf-8")

    @classmethod
    def load(cls, directory: Path) -> Self | None:
        """Read what was saved; None in a snapshot of an earlier release, SnapshotDamaged where it cannot be read."""
        path = directory / FILE
        try:
            stored = json.loads(path.read_text("utf-8"))
            findings = tuple(PageFinding(**each | {"examples": tuple(each["examples"])}) for each in stored["findings"])
            return cls(**stored | {"findings": findings})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise SnapshotDamaged(f"{path} cannot be read: {error}. Reindex, or roll back.") from error
