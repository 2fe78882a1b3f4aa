"""Use cases: the acts of agents, of workers and of commands, each over the store in transactions.

Each name is imported when it is first asked for: some load what builds an index, or what checks passwords.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.services.agents import SHORTEST_PASSWORD, Agents, Invitation
    from bot.services.deliveries import give_up
    from bot.services.desk import Desk
    from bot.services.index import Index
    from bot.services.page_reader import PageReader, count_reading, read_results
    from bot.services.proposing_wordings import propose_wordings
    from bot.services.reader_learning import learn_reader
    from bot.services.reading_many import Readings, read_many
    from bot.services.reindexing import ReindexResult, Stage, labels_by_people, reader_by_people
    from bot.services.snapshot_review import ReviewQuestion, compare_snapshots, review_questions
    from bot.services.turns import commit_turns

__all__ = [
    "SHORTEST_PASSWORD",
    "Agents",
    "Desk",
    "Index",
    "Invitation",
    "PageReader",
    "Readings",
    "ReindexResult",
    "ReviewQuestion",
    "Stage",
    "commit_turns",
    "compare_snapshots",
    "count_reading",
    "give_up",
    "labels_by_people",
    "learn_reader",
    "propose_wordings",
    "read_many",
    "read_results",
    "reader_by_people",
    "review_questions",
]

#: The module that each name is from.
_HOMES = {
    "Agents": "bot.services.agents",
    "Invitation": "bot.services.agents",
    "SHORTEST_PASSWORD": "bot.services.agents",
    "give_up": "bot.services.deliveries",
    "Desk": "bot.services.desk",
    "Index": "bot.services.index",
    "PageReader": "bot.services.page_reader",
    "count_reading": "bot.services.page_reader",
    "read_results": "bot.services.page_reader",
    "propose_wordings": "bot.services.proposing_wordings",
    "learn_reader": "bot.services.reader_learning",
    "Readings": "bot.services.reading_many",
    "read_many": "bot.services.reading_many",
    "ReindexResult": "bot.services.reindexing",
    "Stage": "bot.services.reindexing",
    "labels_by_people": "bot.services.reindexing",
    "reader_by_people": "bot.services.reindexing",
    "ReviewQuestion": "bot.services.snapshot_review",
    "compare_snapshots": "bot.services.snapshot_review",
    "review_questions": "bot.services.snapshot_review",
    "commit_turns": "bot.services.turns",
}


if not TYPE_CHECKING:  # who checks types is told above, and of a misspelt name

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_HOMES[name]), name)
        return value
