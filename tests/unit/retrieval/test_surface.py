"""What the packages beside it may rely on of retrieval."""

import subprocess
import sys

import pytest

import retrieval

SURFACE = """
BESIDE COMPONENTS DEFAULTS SNAPSHOTS USUAL_ENCODER BuildReport Candidate Chances Changes CustomerQuestions
Decision DecisionSettings Encoder KEPT LiveIndex Manifest NoSnapshot Question ReaderFailed ReaderUnavailable
RelevanceJudgment RetrievalError SearchResult Searcher Snapshot SnapshotError add_phrasings clean_query current_version
customer_questions labels_needed multilingual_encoder named_encoder open_encoder open_other
open_snapshot parent_of prune publish read_questions reindex settled_name stems versions
"""


def test_what_is_offered_changes_only_on_purpose() -> None:
    assert sorted(retrieval.__all__) == sorted(SURFACE.split()) == sorted(retrieval._HOMES)


@pytest.mark.parametrize("name", retrieval.__all__)
def test_each_name_is_the_one_of_its_module(name: str) -> None:
    assert getattr(retrieval, name) is vars(sys.modules[retrieval._HOMES[name]])[name]


def test_another_name_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Bm25Index'"):
        _ = retrieval.Bm25Index  # type: ignore[attr-defined]


def test_the_package_itself_loads_nothing() -> None:
    code = "import sys, retrieval; print(*sorted(name for name in sys.modules if name.startswith('retrieval')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["retrieval"]
