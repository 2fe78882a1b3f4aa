"""The conversations of the YAML files beside this, and what stands in a step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
SAMPLE = HERE.parents[1] / "corpus" / "sample"
#: What a browser of such a customer says.
LOCALES = {
    "en": "en-GB",
    "sv": "sv-SE",
    "de": "de-DE",
    "es": "es-ES",
    "fr": "fr-FR",
    "da": "da-DK",
    "nb": "nb-NO",
    "fi": "fi-FI",
    "nl": "nl-NL",
    "it": "it-IT",
    "pt": "pt-PT",
    "pl": "pl-PL",
}
#: What Alva does with a case, as the desk calls it.
VERBS = {"claims": "claim", "releases": "release", "resolves": "resolve", "hands_back": "hand_back"}
Step = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One customer's conversation, as it was written before it was played."""

    name: str
    language: str
    #: What a good support lead would expect of it.
    rubric: str
    steps: Sequence[Step]


def scripts() -> list[str]:
    """The files of conversations, by their names without the ending."""
    return sorted(path.stem for path in HERE.glob("*.yaml"))


def conversations(script: str) -> list[Conversation]:
    """The conversations of one file, in its order."""
    return [Conversation(**each) for each in yaml.safe_load((HERE / f"{script}.yaml").read_text("utf-8"))]


@cache
def titles() -> Mapping[str, str]:
    """The titles of the sample's documents, by their ids."""
    found = {}
    for path in (SAMPLE / "articles").rglob("*.md"):
        head = yaml.safe_load(path.read_text("utf-8").split("---")[1])
        found[head["id"]] = head["title"]
    for line in (SAMPLE / "forum.jsonl").read_text("utf-8").splitlines():
        thread = yaml.safe_load(line)
        found[thread["id"]] = thread["title"]
    return found
