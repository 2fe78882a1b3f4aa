"""The few words that are ours in Slack: on buttons, at a source, while something is looked up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from channels.message import Labels


@dataclass(frozen=True, kw_only=True)
class Strings:
    """The words of one language."""

    source: str
    kinds: Mapping[Literal["article", "faq", "answer"], str]
    confirmed: str
    unconfirmed: str
    #: For messages that bring no words for their buttons.
    labels: Labels
    #: Shown after the bot's name: "Hemglim help is looking it up".
    working: str


WORDS: Mapping[str, Strings] = {
    "en": Strings(
        source="Source",
        kinds={"article": "help article", "faq": "frequent question", "answer": "forum answer"},
        confirmed="confirmed by us",
        unconfirmed="not confirmed by us",
        labels=Labels(question="Did this help?", helped="Helped", not_helped="Didn't help", human="Talk to a human"),
        working="is looking it up",
    ),
    "sv": Strings(
        source="Källa",
        kinds={"article": "hjälpartikel", "faq": "vanlig fråga", "answer": "svar på forumet"},
        confirmed="bekräftat av oss",
        unconfirmed="inte bekräftat av oss",
        labels=Labels(
            question="Hjälpte det här?",
            helped="Det hjälpte",
            not_helped="Det hjälpte inte",
            human="Prata med en människa",
        ),
        working="letar efter svaret",
    ),
}
