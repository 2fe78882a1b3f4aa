from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

from bot.console import display
from bot.console.translations import catalogue
from bot.conversation.case import HELD, CaseLine
from bot.conversation.explain import WHY, confidence_text
from bot.conversation.receipt import Reason, Receipt

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def test_every_reason_has_its_words() -> None:
    assert set(display.REASONS) == set(WHY) == set(get_args(Reason))


def test_a_threshold_that_nothing_reaches_is_not_a_percentage() -> None:
    receipt = Receipt(decision="escalate", question="?", confidence=0.5, threshold=1.01)
    assert confidence_text(receipt) == "50 % sure; no answer is sure enough yet for the error budget."


def test_a_message_that_is_held_back_says_why_before_the_time() -> None:
    line = CaseLine(id=1, author="bot", text="Yes.", at=NOON, delivery="pending", held_until=NOON, error=HELD)
    english, swedish = catalogue("en"), catalogue("sv")
    assert display.delay_text(line, english) == "Held back by the channel's budget until"
    assert display.delay_text(replace(line, error="no answer"), english) == "Not sent yet (no answer), next try"
    assert display.delay_text(line, swedish) == "Hålls tillbaka av kanalens budget till"
