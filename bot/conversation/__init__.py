"""Conversation: a turn with its history to a decision, and a decision to drafts and a receipt; all of it pure.

A function that is called like its module (`compose`, `explain`, `source_card`, `language_question`) is taken there.
"""

from bot.conversation.bursts import is_unfinished
from bot.conversation.case import HELD, Agent, Case, CaseLine, EscalationState, PageVerdict, PastCase, QueueItem
from bot.conversation.compose import Draft, answer_text
from bot.conversation.decisions import Add, AnsweredQuestion, Decision, Escalate, Partial
from bot.conversation.explain import WHY, erasure_text, reader_words, sure_words
from bot.conversation.history import History, PendingChoice
from bot.conversation.interpretation import ChosenOption, Interpretation, QueryResult, interpret, search_queries
from bot.conversation.language.decision import LanguageChoice
from bot.conversation.language.detectors import DetectorName
from bot.conversation.language.likelihood import Detector
from bot.conversation.language_detection import detect_language, language_of_pages
from bot.conversation.language_question import language_taken, may_ask
from bot.conversation.language_tags import LANGUAGE_CHOICE_PREFIX, SUPPORTED, base_code, corpus_code, reply_locale
from bot.conversation.lexicon import plain
from bot.conversation.phrases import PhrasesFor, phrases_for
from bot.conversation.policy import MOST_ATTEMPTS, decide
from bot.conversation.receipt import DecisionName, Erasure, Part, Reason, Receipt
from bot.conversation.receipt_builder import build_receipt
from bot.conversation.text.choice_reply import NOT_SOLVED, SOLVED
from bot.conversation.text.intents import wants_answer
from bot.conversation.text.search_terms import content_words, tokens
from bot.conversation.turn import Conversation, Turn, TurnMessage
from bot.conversation.waiting import while_waiting

__all__ = [
    "HELD",
    "LANGUAGE_CHOICE_PREFIX",
    "MOST_ATTEMPTS",
    "NOT_SOLVED",
    "SOLVED",
    "SUPPORTED",
    "WHY",
    "Add",
    "Agent",
    "AnsweredQuestion",
    "Case",
    "CaseLine",
    "ChosenOption",
    "Conversation",
    "Decision",
    "DecisionName",
    "Detector",
    "DetectorName",
    "Draft",
    "Erasure",
    "Escalate",
    "EscalationState",
    "History",
    "Interpretation",
    "LanguageChoice",
    "PageVerdict",
    "Part",
    "Partial",
    "PastCase",
    "PendingChoice",
    "PhrasesFor",
    "QueryResult",
    "QueueItem",
    "Reason",
    "Receipt",
    "Turn",
    "TurnMessage",
    "answer_text",
    "base_code",
    "build_receipt",
    "content_words",
    "corpus_code",
    "decide",
    "detect_language",
    "erasure_text",
    "interpret",
    "is_unfinished",
    "language_of_pages",
    "language_taken",
    "may_ask",
    "phrases_for",
    "plain",
    "reader_words",
    "reply_locale",
    "search_queries",
    "sure_words",
    "tokens",
    "wants_answer",
    "while_waiting",
]
