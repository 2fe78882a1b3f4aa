"""Small searches and readings for tests of the reader."""

from retrieval.reader.passages import OfferedPage
from retrieval.reader.port import Reading
from retrieval.result import Candidate, SearchResult

TEXT = (
    "Hold the button for ten seconds. The light blinks twice.\n\n"
    "Then open the app:\n\n1. Choose Add.\n2. Scan the code."
)


def candidate(name: str, text: str = TEXT, **about: object) -> Candidate:
    plain: dict[str, object] = {
        "document_id": name,
        "passage_id": f"{name}#0",
        "title": f"About {name}",
        "headings": (),
        "text": text,
        "kind": "article",
        "url": None,
        "language": "en",
        "updated": None,
        "author": None,
        "confirmed": True,
        "authority": 1.0,
        "score": 0.5,
    }
    return Candidate(**plain | about)  # type: ignore[arg-type]


def found(*names: str, confidence: float = 0.4, **about: object) -> SearchResult:
    """A search that found these pages and is not sure of the first."""
    plain: dict[str, object] = {
        "question": "how do i connect it again",
        "candidates": tuple(candidate(name) for name in names),
        "confidence": confidence,
        "answerable": 0.8,
        "among_beside": confidence + 0.15,
        "among_first": confidence + 0.25,
        "threshold": 0.9,
        "features": {},
        "snapshot": "s1",
    }
    return SearchResult(**plain | about)  # type: ignore[arg-type]


def reading(*names: str, question: str = "how do i connect it again") -> Reading:
    pages = tuple(OfferedPage(id=name, title=f"About {name}", sentences=("One.", "Two.")) for name in names)
    return Reading(question=question, pages=pages)
