"""Retrieval: a company's pages to a snapshot, a customer's question to candidates and how sure to be of them.

What others use of it is here; reports on a whole question file are in `retrieval.evaluation`. Each name is imported
when it is first asked for, so that a process that serves never loads what builds.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retrieval.decision import BESIDE, DEFAULTS, Chances, Decision, DecisionSettings
    from retrieval.encoders.encoder import Encoder, open_encoder
    from retrieval.encoders.named import named_encoder
    from retrieval.encoders.names import USUAL_ENCODER, settled_name
    from retrieval.errors import NoSnapshot, ReaderFailed, ReaderUnavailable, RetrievalError, SnapshotError
    from retrieval.indexing.document_changes import Changes
    from retrieval.indexing.labelled_questions import add_phrasings, customer_questions
    from retrieval.indexing.multilingual_encoder import multilingual_encoder
    from retrieval.indexing.reindex import BuildReport, reindex
    from retrieval.indexing.training import CustomerQuestions, RelevanceJudgment
    from retrieval.query.live_index import LiveIndex
    from retrieval.query.query_text import clean_query
    from retrieval.query.searcher import KEPT, Searcher
    from retrieval.query.space_search import COMPONENTS
    from retrieval.questions import Question, read_questions
    from retrieval.result import Candidate, SearchResult
    from retrieval.scoring.thresholds import labels_needed
    from retrieval.snapshot.publishing import prune, publish
    from retrieval.snapshot.snapshot import (
        SNAPSHOTS,
        Manifest,
        Snapshot,
        current_version,
        open_other,
        open_snapshot,
        parent_of,
        versions,
    )
    from retrieval.tokenizer import stems

__all__ = [
    "BESIDE",
    "COMPONENTS",
    "DEFAULTS",
    "KEPT",
    "SNAPSHOTS",
    "USUAL_ENCODER",
    "BuildReport",
    "Candidate",
    "Chances",
    "Changes",
    "CustomerQuestions",
    "Decision",
    "DecisionSettings",
    "Encoder",
    "LiveIndex",
    "Manifest",
    "NoSnapshot",
    "Question",
    "ReaderFailed",
    "ReaderUnavailable",
    "RelevanceJudgment",
    "RetrievalError",
    "SearchResult",
    "Searcher",
    "Snapshot",
    "SnapshotError",
    "add_phrasings",
    "clean_query",
    "current_version",
    "customer_questions",
    "labels_needed",
    "multilingual_encoder",
    "named_encoder",
    "open_encoder",
    "open_other",
    "open_snapshot",
    "parent_of",
    "prune",
    "publish",
    "read_questions",
    "reindex",
    "settled_name",
    "stems",
    "versions",
]

#: The module that each name is from.
_HOMES = {
    "BESIDE": "retrieval.decision",
    "DEFAULTS": "retrieval.decision",
    "Chances": "retrieval.decision",
    "Decision": "retrieval.decision",
    "DecisionSettings": "retrieval.decision",
    "Encoder": "retrieval.encoders.encoder",
    "open_encoder": "retrieval.encoders.encoder",
    "USUAL_ENCODER": "retrieval.encoders.names",
    "named_encoder": "retrieval.encoders.named",
    "settled_name": "retrieval.encoders.names",
    "NoSnapshot": "retrieval.errors",
    "ReaderFailed": "retrieval.errors",
    "ReaderUnavailable": "retrieval.errors",
    "RetrievalError": "retrieval.errors",
    "SnapshotError": "retrieval.errors",
    "Changes": "retrieval.indexing.document_changes",
    "add_phrasings": "retrieval.indexing.labelled_questions",
    "customer_questions": "retrieval.indexing.labelled_questions",
    "multilingual_encoder": "retrieval.indexing.multilingual_encoder",
    "BuildReport": "retrieval.indexing.reindex",
    "reindex": "retrieval.indexing.reindex",
    "CustomerQuestions": "retrieval.indexing.training",
    "RelevanceJudgment": "retrieval.indexing.training",
    "LiveIndex": "retrieval.query.live_index",
    "clean_query": "retrieval.query.query_text",
    "KEPT": "retrieval.query.searcher",
    "Searcher": "retrieval.query.searcher",
    "COMPONENTS": "retrieval.query.space_search",
    "Question": "retrieval.questions",
    "read_questions": "retrieval.questions",
    "Candidate": "retrieval.result",
    "SearchResult": "retrieval.result",
    "labels_needed": "retrieval.scoring.thresholds",
    "prune": "retrieval.snapshot.publishing",
    "publish": "retrieval.snapshot.publishing",
    "SNAPSHOTS": "retrieval.snapshot.snapshot",
    "Manifest": "retrieval.snapshot.snapshot",
    "Snapshot": "retrieval.snapshot.snapshot",
    "current_version": "retrieval.snapshot.snapshot",
    "open_other": "retrieval.snapshot.snapshot",
    "open_snapshot": "retrieval.snapshot.snapshot",
    "parent_of": "retrieval.snapshot.snapshot",
    "versions": "retrieval.snapshot.snapshot",
    "stems": "retrieval.tokenizer",
}


if not TYPE_CHECKING:  # who checks types is told above, and of a misspelt name

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_HOMES[name]), name)
        return value
