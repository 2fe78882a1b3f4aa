"""The step of a procedure that a message asks for."""

from bot.conversation.history import History
from bot.conversation.procedure_progress import ProcedureProgress, progress
from bot.conversation.text.choice_reply import is_yes
from bot.conversation.text.intents import asks_for_steps
from bot.conversation.text.remarks import Remark, read_remark


def wished_step(text: str, history: History) -> int | None:
    """The step of the procedure last given that a message asks for and does nothing else; one past the last is its end.

    A yes asks for the next one where nothing else was said since.
    """
    walked = progress(history.last_topic)
    if walked is None:
        return None
    if asks_for_steps(text):
        return 1
    remark = read_remark(text)
    wished = _placed(remark, walked) if remark else None
    if wished is None and history.newest is history.last_topic and walked.step is not None and is_yes(text):
        return walked.step + 1
    return wished


def _placed(remark: Remark, walked: ProcedureProgress) -> int | None:
    """The step that a remark names, or that stands beside the one the customer has come to."""
    last = len(walked.procedure.steps)
    named = {"step_first": 1, "step_last": last, "step_number": min(max(remark.number or 1, 1), last)}
    if remark.step in named:
        return named[remark.step]
    if walked.step is None:
        return None
    beside = {"step_next": walked.step + 1, "step_back": max(walked.step - 1, 1), "step_here": walked.step}
    return beside.get(remark.step) if remark.step else None
