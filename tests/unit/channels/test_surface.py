"""The public names of each channel's package, and docstrings that say what is given."""

import ast
import importlib
import re
from pathlib import Path

import pytest

CHANNELS = Path(__file__).parents[3] / "channels"
SURFACES = {
    "channels.slack": ["SlackChannel"],
    "channels.telegram": ["TelegramChannel"],
    "channels.web": ["WebChannel"],
    "channels.x": ["XChannel"],
    "channels.testing": [
        "Delivered",
        "Fate",
        "FateName",
        "Heard",
        "MemoryHost",
        "Platform",
        "Reply",
        "Running",
        "Served",
        "served",
    ],
}
#: A docstring that begins so asks instead of saying what is given.
_ASKING = re.compile(r"(Which|What|Whoever|Whatever|Who|How|Where|Whether|Why|When)\b")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@pytest.mark.parametrize(("package", "names"), SURFACES.items(), ids=SURFACES)
def test_a_package_gives_these_names_and_no_other(package: str, names: list[str]) -> None:
    module = importlib.import_module(package)
    assert sorted(module.__all__) == names
    assert all(hasattr(module, name) for name in names)


def test_each_package_of_a_platform_is_pinned() -> None:
    packages = {f"channels.{path.parent.name}" for path in CHANNELS.glob("*/__init__.py")}
    assert packages - {"channels.rich_text"} == set(SURFACES)


def test_no_docstring_is_a_riddle() -> None:
    riddles = [
        f"{path.relative_to(CHANNELS)}: {text.splitlines()[0]}"
        for path in sorted(CHANNELS.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, _DOCUMENTED) and (text := ast.get_docstring(node)) and _ASKING.match(text)
    ]
    assert riddles == []
