import math

from bot.conversation.receipt import DecisionName, Reason, Receipt

WHY: dict[Reason, str] = {
    "asked": "The customer asked for a human.",
    "unsure": "The bot's best answer was not sure enough to be given.",
    "unclear": "The bot asked which of a few pages was meant, and the reply did not settle it.",
    "nothing_found": "Nothing in the articles came close to the question.",
    "contradiction": "Two trusted pages say different things about this.",
    "partial": "The message held several questions, and the bot was not sure of all of them.",
    "repeated": "The customer asked again what the bot had answered before.",
    "not_helped": "The customer said that the answer did not help.",
    "upset": "The customer was upset.",
    "attachment": "The customer sent a file, and the bot cannot read files.",
    "failed": "Something went wrong inside the bot each time it tried.",
    "unavailable": "The bot could not search when the question came.",
    "undelivered": "A message could not be delivered to the customer.",
    "language": "The customer writes in a language that the bot cannot answer in.",
    "forget": "The customer wants their data deleted.",
}
DID: dict[DecisionName, str] = {
    "answer": "It answered.",
    "clarify": "It asked which of a few pages was meant.",
    "partial": "It answered a part and handed the rest over to a person.",
    "step": "It gave the next step of a procedure.",
    "offer": "It offered a human.",
    "escalate": "It handed over to a person.",
    "social": "It said something social.",
}


def explain(receipt: Receipt) -> list[str]:
    """A receipt in words, a line each: what was asked, decided, found and needed."""
    lines = [f"Asked: {receipt.question}"]
    if receipt.searched and receipt.searched != receipt.question and not receipt.parts:
        lines.append(f"Searched: {receipt.searched}")
    lines.append(DID[receipt.decision])
    if receipt.reason:
        lines.append(WHY[receipt.reason])
    if receipt.detail:
        lines.append(receipt.detail)
    if receipt.chosen:
        lines.append(f"The customer chose the page {receipt.chosen}.")
    if receipt.step:
        lines.append(f"Step {receipt.step}.")
    if sure := sureness(receipt):
        lines.append(sure)
    if receipt.decision == "clarify" and receipt.among_first is not None:
        lines.append(f"{_percent(receipt.among_first)} % sure that one of the first three answers it.")
    for part in receipt.parts:
        state = "Answered" if part.is_answered else "Open"
        nearest = f", {'from' if part.is_answered else 'nearest'} “{part.title}”" if part.title else ""
        lines.append(f"{state}: {part.question} ({_percent(part.confidence)} % sure{nearest})")
    for place, candidate in enumerate(receipt.candidates, 1):
        where = f" ({candidate.url})" if candidate.url else ""
        offered = ", offered" if candidate.document_id in receipt.offered else ""
        lines.append(f"{place}. {candidate.title}{where}: score {candidate.score:.3f}{offered}")
    return [*lines, *_figures(receipt)]


def _figures(receipt: Receipt) -> list[str]:
    """What the confidence was computed from."""
    lines = [f"{name}: {value:.4g}" for name, value in receipt.features.items()]
    if receipt.unanswerable is not None:
        lines.append(f"Taken into account: {_percent(receipt.unanswerable)} % of the questions have no answer here.")
    return [*lines, f"Index: {receipt.snapshot}"] if receipt.snapshot else lines


def sureness(receipt: Receipt) -> str | None:
    """How sure the bot was and had to be, rounded so that the two never look equal when they are not."""
    if receipt.confidence is None:
        return None
    sure = f"{_percent(receipt.confidence)} % sure"
    if receipt.threshold is None:
        return f"{sure}."
    if receipt.threshold > 1:
        return f"{sure}; no answer is sure enough yet for the error budget."
    return f"{sure}; {math.ceil(receipt.threshold * 100)} % is needed to answer."


def _percent(probability: float) -> int:
    return math.floor(probability * 100)
