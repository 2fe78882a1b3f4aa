from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["article", "faq", "answer"]

#: How far a kind of document is trusted when its source does not say: 1 is the company's own word.
DEFAULT_AUTHORITY: dict[Kind, float] = {"article": 1.0, "faq": 1.0, "answer": 0.5}


@dataclass(frozen=True, kw_only=True)
class Document:
    """One help article, FAQ entry or forum thread: what the company knows about one thing.

    `text` is Markdown and is shown word for word; `questions` are known phrasings of what it answers (for a
    forum thread, the question as it was asked) and are searched but not shown.
    """

    id: str
    title: str
    text: str
    kind: Kind = "article"
    url: str | None = None
    #: ISO 639-1 code in lower case, such as "en"; None when the source does not say.
    language: str | None = None
    questions: tuple[str, ...] = ()
    updated: date | None = None
    #: 0 (anybody's guess) to 1 (the company's own word).
    authority: float = 1.0
    #: Who said it, for a forum answer.
    author: str | None = None
    #: Whether the company confirmed it: official, or accepted by a company member.
    confirmed: bool = False
    #: The id of the document that this is a translation of.
    translation_of: str | None = None
    #: Where it was read, for messages: a file, or file:line. It does not make two documents different.
    origin: str = field(default="", compare=False)
