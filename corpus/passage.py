from dataclasses import dataclass

from corpus.document import Document


@dataclass(frozen=True, kw_only=True)
class PassageSection:
    """A stretch of a passage's text, from `start` to `end`, and the headings above it, those of the passage first."""

    headings: tuple[str, ...]
    start: int
    end: int
    #: What of it may answer: the stretch without what only leads elsewhere; empty where it is nothing but that.
    answering: str


@dataclass(frozen=True, kw_only=True)
class Passage:
    """The piece of a document that is embedded and shown."""

    document: Document
    #: Position in the document, from 0.
    number: int
    #: The headings above the passage, outermost first, without the title.
    headings: tuple[str, ...]
    #: Markdown, word for word from the document.
    text: str
    #: What it is made of, in order; empty until `corpus.sections` has looked.
    sections: tuple[PassageSection, ...] = ()

    @property
    def id(self) -> str:
        """Unique in a corpus: the document's id and the passage's number."""
        return f"{self.document.id}#{self.number}"

    @property
    def embedded(self) -> str:
        """The text that is embedded: title and headings give the text its context."""
        way = " › ".join(filter(None, (self.document.title, *self.headings)))
        return f"{way}\n{self.text}" if way else self.text
