"""What docs/architecture.md and docs/contributing.md say of the code is so."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
CODE = sorted(path for package in ("bot", "retrieval", "channels", "corpus") for path in (ROOT / package).rglob("*.py"))
#: A row of a way: its number, the function, and its file.
STEPS = re.findall(r"^\| (\d+) \| `([\w.]+)` \| `([\w./]+)` \|", PAGE, re.MULTILINE)
NAMED = sorted(set(re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", PAGE, flags=re.MULTILINE | re.DOTALL))))
FEW, LIKELY = 14, 10


@cache
def defined_in(path: Path) -> frozenset[str]:
    """What a file defines at its top, and in a class as Class.name."""
    names: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.ClassDef():
                names.add(node.name)
                names |= {
                    f"{node.name}.{each.name}"
                    for each in node.body
                    if isinstance(each, ast.AsyncFunctionDef | ast.FunctionDef)
                }
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                names.add(node.name)
            case ast.Assign() | ast.AnnAssign():
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names |= {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}
            case _:
                pass
    return frozenset(names)


def section(heading: str) -> str:
    [text] = re.findall(rf"^## {heading}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return str(text)


@pytest.mark.parametrize(("number", "name", "file"), STEPS, ids=[f"{file}:{name}" for _, name, file in STEPS])
def test_each_step_is_a_function_of_the_file_it_names(number: str, name: str, file: str) -> None:
    assert name in defined_in(ROOT / file), f"step {number}"


def test_a_message_is_committed_within_a_few_steps_and_enters_none_twice() -> None:
    way = section("The way of a message").partition("A search")[0]
    steps = re.findall(r"^\| (\d+) \| (`[\w.]+` \| `[\w./]+`) \|", way, re.MULTILINE)
    assert [int(number) for number, _ in steps] == list(range(1, len(steps) + 1))
    assert len({step for _, step in steps}) == len(steps) <= FEW


@pytest.mark.parametrize("name", NAMED)
def test_every_name_is_in_the_code(name: str) -> None:
    if "/" in name or (ROOT / name).exists():
        assert (ROOT / name).exists()
        return
    known = {each for path in (*CODE, *(ROOT / "tests" / "contract").glob("*.py")) for each in defined_in(path)}
    assert name in known | {each.rpartition(".")[2] for each in known}


def test_the_ten_likeliest_changes_have_a_place() -> None:
    rows = re.findall(r"^\| an? [\w ]+ \|", section("To change this, go there"), re.MULTILINE)
    assert len(rows) == LIKELY


def test_each_broad_except_is_listed_with_its_reason_and_there_are_few() -> None:
    found = sorted(
        str(path.relative_to(ROOT))
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or _is_broad(node.type))
    )
    page = (ROOT / "docs" / "contributing.md").read_text("utf-8")
    listed = re.findall(r"^\| `([\w./]+\.py)` \| \S.*\|$", page, re.MULTILINE)
    assert sorted(listed) == found
    assert len(found) <= 10


def _is_broad(caught: ast.expr) -> bool:
    return any(isinstance(each, ast.Name) and each.id in {"Exception", "BaseException"} for each in ast.walk(caught))
