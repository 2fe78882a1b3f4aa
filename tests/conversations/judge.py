"""Whether what came back after a step is what the step wants, as far as a program can tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from channels.message import TranscriptLine
from tests.conversations.script import Step, titles

#: A remark is answered in about a line.
SMALL = 240


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What came back after a step, and whether a case was open before and after it."""

    lines: Sequence[TranscriptLine]
    had_case: bool
    has_case: bool

    @property
    def words(self) -> str:
        return " ".join(line.text for line in self.lines)

    def shows(self, documents: Sequence[str]) -> bool:
        """Whether one of the documents is shown, suggested, among the choices or named."""
        offered = {choice.label for line in self.lines for choice in line.choices}
        wanted = {titles()[document] for document in documents}
        return self.answers(documents) or bool(wanted & offered) or any(title in self.words for title in wanted)

    def answers(self, documents: Sequence[str]) -> bool:
        """Whether one of the documents is the answer or suggested as such."""
        return bool({titles()[document] for document in documents} & self.pages)

    @property
    def pages(self) -> set[str]:
        """The titles under the messages."""
        return {line.source.title for line in self.lines if line.source}


def faults(step: Step, heard: Heard) -> list[str]:
    """What is wrong after a step, in words; nothing where all is as wanted."""
    found = []
    wants, *documents = (step.get("wants") or "nothing").split()
    if fault := _fault(wants, documents, heard):
        found.append(fault)
    if "too" in step and not heard.shows(step["too"].split()[1:]):
        found.append(f"nothing of {step['too']}")
    if "never" in step and heard.answers(step["never"].split()):
        found.append(f"answers with {step['never']}")
    if "case" in step and step["case"] != heard.has_case:
        found.append("a case is open" if heard.has_case else "no case is open")
    return found


def _fault(wants: str, documents: Sequence[str], heard: Heard) -> str | None:
    """The first thing that is wrong with what came back."""
    is_small = not heard.pages and len(heard.words) <= SMALL
    wrong = {
        "is not silent": wants == "silence" and bool(heard.lines),
        "silence": wants not in {"nothing", "silence", "silence-or-notice"} and not heard.lines,
        f"not the page {' or '.join(documents)}": wants == "page" and not heard.shows(documents),
        "a remark opened a case": wants in {"small", "small-or-page"} and heard.has_case and not heard.had_case,
        "not small": wants == "small" and not is_small,
        "no case": wants == "human" and not heard.has_case,
    }
    return next((fault for fault, is_so in wrong.items() if is_so), None)
