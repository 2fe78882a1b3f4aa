import math

from bot.conversation.receipt import Reason, Receipt

WHY: dict[Reason, str] = {
    "asked": "The customer asked for a human.",
    "unsure": "The bot's best answer was not sure enough to be given.",
    "nothing_found": "Nothing in the articles came close to the question.",
    "attachment": "The customer sent a file, and the bot cannot read files.",
    "failed": "Something went wrong inside the bot each time it tried.",
    "unavailable": "The bot could not search when the question came.",
    "undelivered": "A message could not be delivered to the customer.",
}


def explain(receipt: Receipt) -> list[str]:
    """A receipt in words, a line each: what was asked, decided, found and needed."""
    did = {"answer": "It answered.", "escalate": "It handed over to a person.", "social": "It said something social."}
    lines = [f"Asked: {receipt.question}", did[receipt.decision]]
    if receipt.reason:
        lines.append(WHY[receipt.reason])
    if sure := sureness(receipt):
        lines.append(sure)
    for place, candidate in enumerate(receipt.candidates, 1):
        where = f" ({candidate.url})" if candidate.url else ""
        lines.append(f"{place}. {candidate.title}{where}: score {candidate.score:.3f}")
    lines += [f"{name}: {value:.4g}" for name, value in receipt.features.items()]
    if receipt.snapshot:
        lines.append(f"Index: {receipt.snapshot}")
    return lines


def sureness(receipt: Receipt) -> str | None:
    """How sure the bot was and had to be, rounded so that the two never look equal when they are not."""
    if receipt.confidence is None:
        return None
    sure = f"{math.floor(receipt.confidence * 100)} % sure"
    if receipt.threshold is None:
        return f"{sure}."
    if receipt.threshold > 1:
        return f"{sure}; no answer is sure enough yet for the error budget."
    return f"{sure}; {math.ceil(receipt.threshold * 100)} % is needed to answer."
