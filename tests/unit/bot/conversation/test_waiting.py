"""While a case waits, the bot goes on: it answers, adds to the case, says a word to a remark, and closes it on wish."""

from dataclasses import replace

import pytest

from bot.conversation.compose import compose
from bot.conversation.decisions import Add, Decision, Escalate, OfferHuman, Partial, Social, Withdraw
from bot.conversation.explain import explain
from bot.conversation.history import History
from bot.conversation.interpretation import interpret, search_queries
from bot.conversation.phrases import LANGUAGES, phrases_for
from bot.conversation.policy import decide
from bot.conversation.receipt import CaseEffect, Receipt
from bot.conversation.receipt_builder import build_receipt
from bot.conversation.waiting import while_waiting
from tests.unit.bot.conversation.test_no_dead_end import ASKED, GUESSES, SAID, SHELF
from tests.unit.bot.conversation.test_policy import NOON, turn

ENGLISH = phrases_for("en")


def hears(text: str, history: History) -> tuple[Decision, Receipt]:
    said = turn(text, owner="queue")
    interpretation = interpret(said, history, now=NOON)
    looked_up = search_queries(SHELF.search, interpretation)
    decision = decide(said, interpretation, history, looked_up, now=NOON)
    receipt = build_receipt(said, interpretation, decision, looked_up)
    assert receipt is not None
    return decision, replace(receipt, at=NOON)


def after(*said: str) -> tuple[Decision, Receipt]:
    """What comes of the last of several messages while a case waits, and the receipt of that."""
    history = History(receipts=(Receipt(decision="escalate", reason="unsure", question="Do you sell toasters?"),))
    for text in said[:-1]:
        _, receipt = hears(text, history)
        history = replace(history, receipts=(receipt, *history.receipts))
    return hears(said[-1], history)


@pytest.mark.parametrize(
    ("said", "decided", "case", "told"),
    [
        (("How do I charge the battery?",), "answer", "waits", "Plug the charger in"),
        (("Do you repair pianos?",), "add", "joined", "I've added this"),
        (("Do you repair pianos?", "Do you rent boats?"), "add", "joined", "That is added too"),
        (("a human please",), "add", "joined", "This waits for a colleague already"),
        (("a human please", "a human please"), "add", "joined", "It still waits"),
        (("How do I charge the battery? Do you sell pianos?",), "partial", "joined", "added it for my colleague"),
        (("thanks",), "social", "waits", "You're welcome. Write here any time. Your question still waits"),
        (("thanks", "ok"), "social", "waits", "I'm here if there is more."),
        (("are you there?",), "social", "waits", "Your question waits for a colleague"),
        (("never mind",), "social", "withdrawn", "nothing is needed any more"),
        (("it works now",), "social", "withdrawn", "my colleagues know"),
        (("How do I charge the battery?", "it works now"), "social", "waits", "that is settled"),
        (("How do I charge the battery?", "thanks", "it works now"), "social", "withdrawn", "my colleagues know"),
    ],
)
def test_what_comes_of_a_message_while_a_case_waits(
    said: tuple[str, ...], decided: str, case: CaseEffect, told: str
) -> None:
    decision, receipt = after(*said)
    assert (receipt.decision, receipt.case) == (decided, case)
    assert told in "\n".join(draft.text for draft in compose(decision, ENGLISH))
    assert any("case" in line for line in explain(receipt)), "why tells that a case waited"


def test_whatever_is_said_while_a_case_waits_gets_words_and_nobody_is_handed_over_again() -> None:
    for shelf in (SHELF, GUESSES):
        for text in [*SAID, *ASKED]:
            said = turn(text, owner="queue")
            interpretation = interpret(said, History(), now=NOON)
            looked_up = search_queries(shelf.search, interpretation)
            decision = decide(said, interpretation, History(), looked_up, now=NOON)
            assert not isinstance(decision, Escalate | OfferHuman), text
            assert not isinstance(decision, Partial) or decision.joins
            assert all(draft.text for draft in compose(decision, ENGLISH)), text


def test_a_choice_that_settles_a_suggestion_does_not_settle_the_case() -> None:
    assert while_waiting(Social(phrase="solved"), History(), is_chosen=True) == Social(
        phrase="solved", says_waiting=True
    )
    assert while_waiting(Social(phrase="solved"), History()) == Withdraw(phrase="solved")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_all_that_happens_while_a_case_waits(language: str) -> None:
    decisions: list[Decision] = [
        *(Add(reason="unsure", phrase=each) for each in ("added", "added_again", "asked", "asked_again")),
        *(Withdraw(phrase=each) for each in ("solved", "never_mind", "bot_again")),
        Partial(open=("?",), joins=True),
        Social(phrase="waiting"),
        Social(phrase="thanks", says_waiting=True),
    ]
    texts = [draft.text for decision in decisions for draft in compose(decision, phrases_for(language))]
    assert len(set(texts)) == len(decisions)
