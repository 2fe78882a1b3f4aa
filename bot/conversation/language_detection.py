"""A turn heard for its language: what of it is evidence, and what asks for a language."""

from collections.abc import Collection, Sequence

from bot.conversation.history import History
from bot.conversation.language.decision import LanguageChoice, LanguageState, decide_language, settle_by_match
from bot.conversation.language.likelihood import Detector, evidence_in
from bot.conversation.language.posterior import Hints
from bot.conversation.language_tags import LANGUAGE_CHOICE_PREFIX, SUPPORTED, base_code
from bot.conversation.text.intents import chosen_language
from bot.conversation.text.questions import sentences
from bot.conversation.text.search_terms import tokens
from bot.conversation.turn import Turn
from retrieval import SearchResult


def detect_language(turn: Turn, history: History, detector: Detector, corpus: Collection[str]) -> LanguageChoice:
    """The language of a turn's conversation after it; `corpus` are the languages that the articles are in."""
    evidence = evidence_in(_own_words(turn, history), detector)
    return decide_language(
        language_state(turn, history), evidence, _hints(turn, corpus), wish=requested_language(turn, history)
    )


def language_of_pages(
    turn: Turn, history: History, choice: LanguageChoice, found: Sequence[SearchResult], corpus: Collection[str]
) -> LanguageChoice:
    """The same once the question was looked up: the language of a page that answers it tells where nothing else did."""
    for each in found:
        page = each.candidates[0] if each.decision == "answer" and each.candidates else None
        if page and (language := base_code(page.language)):
            return settle_by_match(language_state(turn, history), choice, language, _hints(turn, corpus))
    return choice


def language_state(turn: Turn, history: History) -> LanguageState:
    """Give the conversation's language as it stood before a turn, with what its last receipts remember."""
    choices = [receipt.language_choice for receipt in history.receipts if receipt.language_choice]
    newest = choices[0] if choices else None
    since_wish = choices
    if turn.conversation.is_language_pinned:
        wished = [place for place, choice in enumerate(choices) if not choice.is_pinned]
        since_wish = choices[: wished[0]] if wished else choices
    is_remembered = newest is not None and newest.language == turn.conversation.language
    return LanguageState(
        language=turn.conversation.language,
        is_pinned=turn.conversation.is_language_pinned,
        belief=newest.belief if newest and is_remembered else None,
        has_asked=any(choice.asks for choice in since_wish),
    )


def requested_language(turn: Turn, history: History) -> str | None:
    """The language that a turn asks for, the last of several: by a button, in words, or by its place in our list."""
    wish = None
    for said in turn.said:
        action = said.action
        if action and action.name == "choose" and (action.choice or "").startswith(LANGUAGE_CHOICE_PREFIX):
            code = (action.choice or "").removeprefix(LANGUAGE_CHOICE_PREFIX)
            wish = code if code in SUPPORTED else wish
        elif said.text.strip():
            wish = asked_language(said.text, history) or language_wished_in(said.text) or wish
    return wish


def asked_language(text: str, history: History) -> str | None:
    """The language that a message asks for and does nothing else."""
    asks = history.newest.language_choice.asks if history.newest and history.newest.language_choice else ()
    place = text.strip().strip(".")
    if place.isdecimal() and 1 <= int(place) <= len(asks):
        return asks[int(place) - 1]
    return chosen_language(text)


def language_wished_in(text: str) -> str | None:
    """The language that a sentence asks for before or after another: "Svenska, tack. Var är paketet?"."""
    wishes = [chosen_language(each) for each in sentences(text) if is_wish_beside_more(each)]
    return next((wish for wish in reversed(wishes) if wish), None)


def is_wish_beside_more(sentence: str) -> bool:
    """True when a sentence of a longer text asks for a language; a name alone may be about anything there."""
    return len(tokens(sentence)) > 1 and chosen_language(sentence) is not None


def _hints(turn: Turn, corpus: Collection[str]) -> Hints:
    known = {base_code(language) for language in corpus}
    return Hints(locale=turn.conversation.locale, corpus=frozenset(language for language in known if language))


def _own_words(turn: Turn, history: History) -> str:
    """Give what the customer wrote, without the titles that they were given to choose from: those are our words."""
    offered = {tuple(tokens(choice.label)) for offer in history.pending_choices for choice in offer.choices}
    return "\n".join(said.text for said in turn.said if tuple(tokens(said.text)) not in offered)
