"""The public names of the bot's packages, and that whoever is outside takes them by the door."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SURFACES = {
    "bot.conversation": """
        Add Agent AnsweredQuestion Case CaseLine ChosenOption Conversation Decision DecisionName Detector
        DetectorName Draft Erasure Escalate EscalationState HELD History Interpretation LANGUAGE_CHOICE_PREFIX
        LanguageChoice MOST_ATTEMPTS NOT_SOLVED PageVerdict Part Partial PastCase PendingChoice PhrasesFor
        QueryResult QueueItem Reason Receipt SOLVED SUPPORTED Turn TurnMessage WHY answer_text base_code
        build_receipt content_words corpus_code decide detect_language erasure_text interpret is_unfinished
        language_of_pages language_taken may_ask phrases_for plain reader_words reply_locale search_queries
        sure_words tokens wants_answer while_waiting
    """,
    "bot.desk": """
        ADDED_TEXTS Acted AgentAction Decided DeliveryGivenUp ERASED ERASED_NOTICE EVENT_TEXTS LEFT_IDLE
        LeftIdle LeftToAgent OwnershipState WITHDRAWN_TEXTS apply_event eligible_agents judged
    """,
    "bot.services": """
        Agents Desk Index Invitation PageReader Readings ReindexResult ReviewQuestion SHORTEST_PASSWORD Stage
        commit_turns compare_snapshots count_reading give_up labels_by_people learn_reader propose_wordings read_many
        read_results reader_by_people review_questions
    """,
}


@pytest.mark.parametrize("package", SURFACES)
def test_a_package_gives_these_names_and_no_other(package: str) -> None:
    module = importlib.import_module(package)
    assert sorted(module.__all__) == SURFACES[package].split()
    assert all(hasattr(module, name) for name in module.__all__)


@pytest.mark.parametrize("package", SURFACES)
def test_what_is_given_at_the_door_is_taken_there(package: str) -> None:
    inside, given = ROOT / package.replace(".", "/"), set(SURFACES[package].split())
    climbed = [
        f"{path.relative_to(ROOT)}:{node.lineno} {each.name}"
        for path in sorted((ROOT / "bot").rglob("*.py"))
        if not path.is_relative_to(inside)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}.")
        for each in node.names
        if each.name in given
    ]
    assert not climbed


def test_the_use_cases_load_nothing_before_they_are_asked_for() -> None:
    code = "import sys, bot.services; print(*sorted(name for name in sys.modules if name.startswith('bot')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["bot", "bot.services"]


def test_another_name_is_not_there() -> None:
    services = importlib.import_module("bot.services")
    with pytest.raises(AttributeError, match="no attribute 'Crew'"):
        _ = services.Crew
