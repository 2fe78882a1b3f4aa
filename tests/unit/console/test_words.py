from typing import get_args

from bot.console import words
from bot.conversation.explain import WHY, sureness
from bot.conversation.receipt import Reason, Receipt


def test_every_reason_has_its_words() -> None:
    assert set(words.REASONS) == set(WHY) == set(get_args(Reason))


def test_a_threshold_that_nothing_reaches_is_not_a_percentage() -> None:
    receipt = Receipt(decision="escalate", question="?", confidence=0.5, threshold=1.01)
    assert sureness(receipt) == "50 % sure; no answer is sure enough yet for the error budget."
