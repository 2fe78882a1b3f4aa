"""Procedures of numbered steps, and where in one a customer is: read from the receipts of what they were given."""

import re
from dataclasses import dataclass

from bot.conversation.receipt import Receipt
from retrieval.result import Candidate

#: A procedure of fewer steps is read at a glance.
FEWEST = 4
_ITEM = re.compile(r" {0,3}(?P<number>\d{1,3})[.)][ \t]+(?P<text>\S.*)")
_INDENTED = re.compile(r"[ \t]{2,}|\t")


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """A text of numbered steps, with what stands around them."""

    before: str
    steps: tuple[str, ...]
    after: str


@dataclass(frozen=True, kw_only=True)
class ProcedureProgress:
    """A procedure that a customer was given, and the step they have come to; none yet after the whole of it."""

    candidate: Candidate
    procedure: Procedure
    step: int | None

    @property
    def is_over(self) -> bool:
        """Whether the last step was given."""
        return self.step == len(self.procedure.steps)


def procedure_in(text: str) -> Procedure | None:
    """The procedure that a text is: one list numbered from 1, of four steps or more; None for anything else."""
    if re.search(r"^(?:```|~~~)", text, re.MULTILINE):
        return None
    before: list[str] = []
    steps: list[list[str]] = []
    after: list[str] = []
    for line in text.strip().splitlines():
        item = _ITEM.fullmatch(line)
        if item and not after and int(item["number"]) == len(steps) + 1:
            steps.append([item["text"]])
        elif item:
            return None  # another list: which one is meant?
        elif not steps:
            before.append(line)
        elif after or (line.strip() and not steps[-1][-1].strip() and not _INDENTED.match(line)):
            after.append(line)
        else:
            steps[-1].append(_INDENTED.sub("", line, count=1))
    if len(steps) < FEWEST:
        return None
    return Procedure(before=_joined(before), steps=tuple(map(_joined, steps)), after=_joined(after))


def progress(receipt: Receipt | None) -> ProcedureProgress | None:
    """The procedure that a decision gave to the customer, whole or by one of its steps."""
    if receipt is None or receipt.decision not in {"answer", "step"} or receipt.parts:
        return None
    given = [each for each in receipt.candidates if receipt.chosen in {None, each.document_id}]
    procedure = procedure_in(given[0].text) if given else None
    return ProcedureProgress(candidate=given[0], procedure=procedure, step=receipt.step) if procedure else None


def where_it_failed(receipt: Receipt | None) -> str | None:
    """For the agent: the step that did not work; None where the customer was at none."""
    walked = progress(receipt)
    if walked is None or walked.step is None:
        return None
    step = " ".join(walked.procedure.steps[walked.step - 1].split())
    return f"Step {walked.step} of {len(walked.procedure.steps)} of “{walked.candidate.title}” did not work: {step}"


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip()
