"""Whatever a customer says, in whatever order: every message is answered, asked back or handed over."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.compose import compose
from bot.conversation.decisions import Clarify, Decision, Escalate, Partial, Suggest
from bot.conversation.history import History, PendingChoice
from bot.conversation.interpretation import interpret, search_queries
from bot.conversation.phrases import phrases_for
from bot.conversation.policy import decide
from bot.conversation.receipt import Receipt
from bot.conversation.receipt_builder import build_receipt
from bot.conversation.text.choice_reply import HUMAN, NOT_SOLVED, SOLVED
from bot.conversation.turn import Turn
from bot.testing import ScriptedIndex, ScriptedPage
from channels.message import Action
from tests.unit.bot.conversation.test_policy import NOON, turn

ENGLISH = phrases_for("en")
SHELF = ScriptedIndex(
    [
        ScriptedPage(id="bike", title="Return a bike", text="You have 30 days to return a bike."),
        ScriptedPage(id="gift", title="Return a gift", text="Bring the receipt."),
        ScriptedPage(id="charge", title="Charge the battery", text="Plug the charger in."),
        ScriptedPage(id="frame", title="Warranty", about="frame", text="The warranty on the frame lasts five years."),
        ScriptedPage(
            id="promise", title="Promise", about="warranty frame", text="The warranty on the frame lasts two years."
        ),
    ]
)
GUESSES = ScriptedIndex(
    [
        ScriptedPage(id="disc", title="Clean the disc", likely="squeaks noise", text="Wipe the disc."),
        ScriptedPage(id="pads", title="Change the pads", likely="squeaks noise", text="Take new pads."),
        ScriptedPage(id="basket", title="Tighten it", likely="rattles", near="wobbles", text="Turn both screws."),
        ScriptedPage(id="spoke", title="Mend a spoke", near="wobbles", text="Turn the spoke."),
        ScriptedPage(id="bike", title="Return a bike", text="You have 30 days to return a bike."),
        ScriptedPage(id="gift", title="Return a gift", text="Bring the receipt."),
    ]
)
ASKED = ["What squeaks?", "it squeaks again", "What rattles?", "What rattles and wobbles?", "What wobbles?"]
SAID = [
    "How do I return it?",
    "return a gift",
    "How do I charge the battery?",
    "How do I charge the battery? Do you sell pianos?",
    "How long is the warranty on the frame?",
    "Do you sell toasters?",
    "and the gift?",
    "it",
    "1",
    "3",
    "9",
    "the second",
    "none of these",
    "yes",
    "no",
    "no thanks",
    "thanks",
    "hi",
    "That didn't help",
    "No, that's wrong. How do I charge the battery?",
    "this is ridiculous",
    "HOW DO I RETURN IT",
    "a human please",
    "forget me",
    "???",
    "nej tack",
    "det hjälpte inte",
]


class Memory:
    """A conversation without a store: what the bot decided, and what it offered."""

    def __init__(self, shelf: ScriptedIndex = SHELF) -> None:
        self.shelf = shelf
        self.denied: frozenset[str] = frozenset()
        self.receipts: list[Receipt] = []
        self.offers: list[PendingChoice] = []
        self.now = NOON

    def hears(self, said: Turn) -> Decision:
        self.now += timedelta(minutes=1)
        history = History(receipts=tuple(self.receipts), pending_choices=tuple(self.offers), denied_before=self.denied)
        interpretation = interpret(said, history, now=self.now)
        looked_up = search_queries(self.shelf.search, interpretation)
        decision = decide(said, interpretation, history, looked_up, now=self.now)
        if receipt := build_receipt(said, interpretation, decision, looked_up):
            receipt = replace(receipt, at=self.now, id=len(self.receipts) + 1)
            self.receipts.insert(0, receipt)
            self.denied |= set(receipt.denied)
            self.offers += [
                PendingChoice(line_id=receipt.id or 0, choices=draft.choices, receipt=receipt)
                for draft in compose(decision, ENGLISH)
                if draft.choices
            ]
        if taken := interpretation.chosen:
            self.offers = [replace(o, is_taken=o.is_taken or o.line_id == taken.line_id) for o in self.offers]
        if isinstance(decision, Escalate | Partial):
            self.receipts, self.offers = [], []  # a person had the conversation, and gave it back
        return decision


@given(st.lists(st.lists(st.sampled_from(SAID), min_size=1, max_size=2), min_size=1, max_size=12))
def test_every_message_gets_something_and_nobody_is_asked_twice_in_a_row(turns: list[list[str]]) -> None:
    memory, before = Memory(), None
    for texts in turns:
        decision = memory.hears(turn(*texts))
        drafts = compose(decision, ENGLISH)
        assert drafts
        assert all(draft.text for draft in drafts)
        assert not (isinstance(before, Clarify) and isinstance(decision, Clarify))
        before = decision


@given(st.lists(st.sampled_from(SAID + ASKED * 4 + ["no"] * 4), min_size=1, max_size=12))
def test_what_did_not_help_is_never_a_guess_again_and_a_suggestion_always_offers_a_person(said: list[str]) -> None:
    memory = Memory(GUESSES)
    for text in said:
        denied = memory.denied
        decision = memory.hears(turn(text))
        drafts = compose(decision, ENGLISH)
        assert drafts
        match decision:
            case Suggest(suggested=suggested):
                guessed = {each.candidate.document_id for each in suggested}
                assert [choice.id for choice in drafts[-1].choices] == [SOLVED, NOT_SOLVED, HUMAN]
            case Clarify(candidates=pages) | Escalate(beside=pages):
                guessed = {each.document_id for each in pages}
            case _:
                guessed = set()
        assert not guessed & (denied | memory.denied)


def test_two_noes_to_suggestions_always_bring_a_person() -> None:
    for question in ASKED:
        memory, decisions = Memory(GUESSES), list[Decision]()
        for text in (question, "no", "no"):
            decisions.append(memory.hears(turn(text)))
            if isinstance(decisions[-1], Escalate):
                break
        assert isinstance(decisions[-1], Escalate), question


@given(st.sampled_from(SAID), st.sampled_from(["1", "2", "3", "none", "human"]))
def test_every_button_that_is_there_does_something_once(text: str, choice: str) -> None:
    memory = Memory()
    memory.hears(turn(text))
    offered = [(offer.line_id, each.id) for offer in memory.offers for each in offer.choices]
    press = turn(actions=(Action(name="choose", answer_id=1, choice=choice),))
    assert bool(compose(memory.hears(press), ENGLISH)) == ((1, choice) in offered)
    assert compose(memory.hears(press), ENGLISH) == ()
