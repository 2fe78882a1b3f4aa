"""The place in a procedure that a customer has come to, read from the receipt of what they were given."""

from dataclasses import dataclass

from bot.conversation.receipt import Receipt
from bot.conversation.text.procedures import Procedure, procedure_in
from retrieval import Candidate


@dataclass(frozen=True, kw_only=True)
class ProcedureProgress:
    """A procedure that a customer was given, and the step they have come to; none yet after the whole of it."""

    candidate: Candidate
    procedure: Procedure
    step: int | None

    @property
    def is_over(self) -> bool:
        """True when the last step was given."""
        return self.step == len(self.procedure.steps)


def progress(receipt: Receipt | None) -> ProcedureProgress | None:
    """The procedure that a decision gave to the customer, whole or by one of its steps."""
    if receipt is None or receipt.parts or not receipt.shown:
        return None
    procedure = procedure_in(receipt.shown[0].text)
    return ProcedureProgress(candidate=receipt.shown[0], procedure=procedure, step=receipt.step) if procedure else None


def where_it_failed(receipt: Receipt | None) -> str | None:
    """For the agent: the step that did not work; None where the customer was at none."""
    walked = progress(receipt)
    if walked is None or walked.step is None:
        return None
    step = " ".join(walked.procedure.steps[walked.step - 1].split())
    return f"Step {walked.step} of {len(walked.procedure.steps)} of “{walked.candidate.title}” did not work: {step}"
