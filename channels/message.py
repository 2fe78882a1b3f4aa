from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

#: What a customer can press instead of writing.
ActionName = Literal["human", "helped", "not_helped", "choose"]
Author = Literal["customer", "bot", "agent"]
Owner = Literal["bot", "queue", "agent"]

#: Longest text taken from a customer, in characters; longer messages are refused by name, never cut.
LONGEST_TEXT = 50_000


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file a customer sent: a reference, never the bytes."""

    name: str
    url: str
    media_type: str | None = None


@dataclass(frozen=True, kw_only=True)
class Quotation:
    """Somebody's words that a customer passed on or points at: never taken for the customer's own."""

    text: str
    #: Whose words they are or where they stand, if the platform says.
    origin: str | None = None


@dataclass(frozen=True, kw_only=True)
class Action:
    """A pressed button. `answer_id` is our id of the message it stands under, where it stands under one."""

    name: ActionName
    answer_id: int | None = None
    #: For "choose": the id of the choice.
    choice: str | None = None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One thing a customer can choose under a message, by a button or by its number."""

    id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """One thing a customer wrote or pressed, as the platform told it."""

    channel: str
    #: The platform's id of the event; the same event may come several times.
    event_id: str
    #: Where to answer: one conversation per channel and address.
    address: str
    #: Who wrote, as the platform knows them.
    customer: str
    text: str
    sent_at: datetime
    #: The platform's own id of the message; one message may come as several events.
    platform_message_id: str | None = None
    #: What to call the customer, if the platform says.
    customer_name: str | None = None
    #: The platform's hint at a language, such as "sv-SE".
    locale: str | None = None
    attachments: tuple[Attachment, ...] = ()
    #: What they passed on or answered; `text` holds none of it.
    quotes: tuple[Quotation, ...] = ()
    #: Whether it is said to the bot. What else is said where several write counts for a turn from those alone who have
    #: asked the bot there; from others it is kept as a remark.
    is_addressed: bool = True
    action: Action | None = None
    #: The platform's id of an earlier message of this conversation that says this `text` now. An event of its own, with
    #: an `event_id` of its own and no `platform_message_id`; so is a deletion, whose text is empty.
    edits: str | None = None
    #: The platform's id of an earlier message that was deleted.
    deletes: str | None = None


@dataclass(frozen=True, kw_only=True)
class SourceCard:
    """The source of an answer."""

    title: str
    kind: Literal["article", "faq", "answer"]
    url: str | None = None
    updated: date | None = None
    #: Who said it, for a forum answer.
    author: str | None = None
    #: Whether the company confirmed a forum answer.
    confirmed: bool = False
    #: What stands beside the title, in the customer's language: "Forum answer by Eva · not confirmed by the company".
    #: Whatever a customer is to know of the source is in it; a channel only sets it in its own type.
    caption: str = ""
    #: What the page says beside what the message shows of it, Markdown: folded where a channel can, else read at `url`.
    rest: str = ""

    @property
    def line(self) -> str:
        """Title and caption as one line of plain text."""
        return " · ".join(filter(None, (" ".join(self.title.split()), self.caption)))

    @property
    def is_on_the_web(self) -> bool:
        """True where the page can be read at its address."""
        return self.url is not None and self.url.startswith(("http://", "https://"))

    def unfolded(self, text: str, labels: "Labels") -> str:
        """The text of a message for a channel that cannot fold: with the rest of the page where no link leads to it."""
        if not self.rest:
            return text
        return f"{text}\n\n{f'*{labels.more}*' if self.is_on_the_web else self.rest}"


@dataclass(frozen=True, kw_only=True)
class Labels:
    """The words around what a customer can press or write back, in the customer's language; English without any."""

    #: The question under an answer, and the buttons that answer it.
    question: str = "Did this help?"
    helped: str = "Helped"
    not_helped: str = "Didn't help"
    human: str = "Talk to a human"
    #: Instead of buttons, where there are none: words to write back, and sentences that ask for them.
    yes: str = "yes"
    no: str = "no"
    write_no: str = "Didn't help? Write “no”."
    write_human: str = "Write “human” at any time to reach a person."
    write_number: str = "Reply with a number."
    write_yes_or_no: str = "Reply with “yes” or “no”."
    #: The question under a suggestion, which its choices answer.
    solved: str = "Did this solve it?"
    #: What unfolds the rest of a page; and what says instead that there is more of it where the source's link leads.
    rest: str = "The rest of the page"
    more: str = "There is more on the page."


@dataclass(frozen=True, kw_only=True)
class Outbound:
    """One thing to tell a customer; an adapter renders it for its platform."""

    #: Stable over retries: the idempotency key.
    id: int
    channel: str
    address: str
    author: Literal["bot", "agent"]
    #: Markdown.
    text: str
    #: The agent's name, when an agent wrote it.
    author_name: str | None = None
    #: Shown under an answer.
    source: SourceCard | None = None
    #: Whether to ask if it helped.
    feedback: bool = False
    #: What the customer can choose, in order; a number written back is a place in it.
    choices: tuple[Choice, ...] = ()
    labels: Labels = Labels()
    #: When it was written, where it was tried before: by a process that may be gone, so it may have arrived unnoted.
    tried_since: datetime | None = None

    @property
    def unfolded(self) -> str:
        """The text for a channel that cannot fold: the rest of the page with it, where no link leads there."""
        return self.source.unfolded(self.text, self.labels) if self.source else self.text

    @property
    def question(self) -> str:
        """The question that choices under a source answer; empty where the text itself asks."""
        return _question(self.source, self.choices, self.labels)


@dataclass(frozen=True, kw_only=True)
class TranscriptLine:
    """One message of a conversation as its customer sees it."""

    id: int
    author: Author
    #: Plain text from the customer, Markdown from bot and agents.
    text: str
    at: datetime
    author_name: str | None = None
    source: SourceCard | None = None
    #: Whether to ask if it helped; what the customer said is in `helped`.
    feedback: bool = False
    labels: Labels = Labels()
    helped: bool | None = None
    #: What could be chosen, and the id of what was.
    choices: tuple[Choice, ...] = ()
    chosen: str | None = None
    #: The id the customer's device or platform gave one of theirs.
    client_message_id: str | None = None
    #: The platform's id of one of ours, once it is known to be delivered.
    platform_message_id: str | None = None

    @property
    def question(self) -> str:
        """The question that choices under a source answer; empty where the text itself asks."""
        return _question(self.source, self.choices, self.labels)


@dataclass(frozen=True, kw_only=True)
class Status:
    """The state of a conversation as its customer sees it, beside the messages."""

    owner: Owner
    agent_name: str | None = None
    #: Whether the bot still owes an answer to what was last said.
    pending: bool = False


def _question(source: SourceCard | None, choices: Sequence[Choice], labels: Labels) -> str:
    """Choices under a page that is shown are about that page: a suggestion."""
    return labels.solved if source and choices else ""


def clean(text: str) -> str:
    """The text as every store and platform can hold it: without NULs, and with lone surrogates replaced."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
