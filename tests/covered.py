"""Branch coverage of the whole suite, and a floor that it may not fall below: `pytest -p tests.covered`.

SlipCover measures: it takes its probes out of the code once they were passed, so that the tests take about as long as
without. Commands that run in processes of their own are not counted.
"""

import json
import os
from collections.abc import Iterator
from typing import Any, Final

import pytest
import slipcover

PACKAGES: Final = ("bot", "retrieval", "channels", "corpus")
#: Percent of lines and branches together, a little less than was last measured.
FLOOR: Final = 92.0
LEFT_OUT: Final = ("channels/testing/*", "bot/store/migrations/*")

_is_worker = "PYTEST_XDIST_WORKER" in os.environ
# Files that nothing imports are counted once, by the process that puts all together.
_probes = slipcover.Slipcover(branch=True, source=None if _is_worker else list(PACKAGES), omit=list(LEFT_OUT))
slipcover.ImportManager(_probes, slipcover.FileMatcher(sources=list(PACKAGES), omit=list(LEFT_OUT))).__enter__()
_told: list[dict[str, Any]] = []


def pytest_testnodedown(node: Any) -> None:
    """Take what a test process has covered."""
    if "covered" in getattr(node, "workeroutput", {}):
        _told.append(json.loads(node.workeroutput["covered"]))


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Tell what was covered, and fail where it is too little."""
    yield
    covered = _probes.get_coverage()
    if _is_worker:
        session.config.workeroutput["covered"] = json.dumps(covered)  # type: ignore[attr-defined]
        return
    for each in _told:
        slipcover.merge_coverage(covered, each)
    percent = covered["summary"]["percent_covered"]
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line(f"\nThe tests cover {percent:.2f} % of lines and branches; at least {FLOOR} % must be.")
    if percent < FLOOR and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
