from bot.conversation.receipt import Reason, Receipt

REASONS: dict[Reason, str] = {
    "asked": "The customer asked for a human.",
    "unsure": "It was not sure enough of what it found.",
    "nothing_found": "It found nothing.",
    "attachment": "The customer sent a file, which it cannot read.",
    "failed": "It failed several times to work on the message.",
    "unavailable": "Nothing could be looked up at the time.",
    "undelivered": "A message could not be delivered.",
}


def explain(receipt: Receipt) -> list[str]:
    """A receipt in words, a line each: what was asked, decided, found and needed."""
    did = {"answer": "It answered.", "escalate": "It handed over to a person.", "social": "It said something social."}
    lines = [f"Asked: {receipt.question}", did[receipt.decision]]
    if receipt.reason:
        lines.append(REASONS[receipt.reason])
    if receipt.confidence is not None and receipt.threshold is not None:
        lines.append(sureness(receipt.confidence, receipt.threshold))
    for place, candidate in enumerate(receipt.candidates, 1):
        where = f" ({candidate.url})" if candidate.url else ""
        lines.append(f"{place}. {candidate.title}{where}: score {candidate.score:.3f}")
    lines += [f"{name}: {value:.4g}" for name, value in receipt.features.items()]
    if receipt.snapshot:
        lines.append(f"Index: {receipt.snapshot}")
    return lines


def sureness(confidence: float, threshold: float) -> str:
    """How sure it was, and how sure it had to be."""
    needed = "no confidence is enough yet for the error budget" if threshold > 1 else f"it needed {threshold:.0%}"
    return f"It was {confidence:.0%} sure of the first source; {needed}."
