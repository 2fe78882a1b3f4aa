"""Rules of docs/contributing.md that the syntax tree shows to be kept: docstrings, names of classes, sizes."""

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "channels", "corpus", "retrieval")
#: Most lines of a function, but for migrations, which are lists of columns; and of a file, but for a few.
LONGEST, LARGEST, FEW = 60, 300, 0.02
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
#: Words that begin a question, or the half sentence of one; a contract begins with what is given or done.
RIDDLES = re.compile(r"(?:Which|What|Whatever|Who|Whoever|Whose|How|Where|Whether|Why|When)\b")


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


def test_no_class_name_occurs_twice() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for path, tree in trees().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                found[node.name].append(path)
    assert not {name: paths for name, paths in found.items() if len(paths) > 1}


def test_functions_are_short() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in trees().items()
        if not path.startswith("bot/store/migrations/")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST
    ]
    assert not long


def test_nearly_all_files_are_small() -> None:
    sizes = {path: len((ROOT / path).read_text("utf-8").splitlines()) for path in trees()}
    large = [path for path, size in sizes.items() if size > LARGEST]
    assert len(large) <= FEW * len(sizes), large
