"""Rules of docs/contributing.md that a reader of the syntax tree can hold: what docstrings begin with."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "channels", "corpus", "retrieval")
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
#: Words that begin a question, or the half sentence of one; a contract begins with what is given or done.
RIDDLES = re.compile(r"(?:Which|What|Who|Whose|How|Where|Whether|Why|When)\b")


@cache
def trees() -> dict[str, ast.Module]:
    """The code of a package, by its path from the root."""
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8")) for path in paths}


def of_package(package: str) -> dict[str, ast.Module]:
    return {path: tree for path, tree in trees().items() if path.startswith(f"{package}/")}


@pytest.mark.parametrize("package", PACKAGES)
def test_docstrings_are_contracts_and_begin_with_no_question_word(package: str) -> None:
    riddles = [
        f"{path}:{getattr(node, 'lineno', 1)} {text.splitlines()[0]}"
        for path, tree in of_package(package).items()
        for node in ast.walk(tree)
        if isinstance(node, Documented) and (text := ast.get_docstring(node)) and RIDDLES.match(text)
    ]
    assert not riddles
