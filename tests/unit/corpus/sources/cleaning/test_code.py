import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sources.cleaning.code import outside_code


def marked(text: str) -> str:
    return outside_code(text, lambda prose: prose.replace("x", "X"))


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("x `x` ``x`x`` x", "X `x` ``x`x`` X"),
        ("x \\`x` x", "X \\`X` X"),
        ("x `x x", "X `X X"),
        ("x `x\nx` x", "X `x\nx` X"),
        ("x `x\n\nx` x", "X `X\n\nX` X"),
        ("x\n\n    x\n\n    x\n\nx", "X\n\n    x\n\n    x\n\nX"),
        ("- x\n\n      x\n- x", "- X\n\n      x\n- X"),
        ("- ```\n  x\n  ```\n\nx", "- ```\n  x\n  ```\n\nX"),
        ("1. ~~~\n   x\n   ~~~\n2. x", "1. ~~~\n   x\n   ~~~\n2. X"),
        ("> ```\n> x\n> ```\nx", "> ```\n> x\n> ```\nX"),
        ("```\nx", "```\nx"),
        ("````\nx\n```\nx\n````\nx", "````\nx\n```\nx\n````\nX"),
        ("| x | `x` |\n|-|-|\n| x `x` | x |", "| X | `x` |\n|-|-|\n| X `x` | X |"),
        ("<p>\nx `x`\n</p>", "<p>\nX `x`\n</p>"),
        ("x\n    x", "X\n    X"),
    ],
)
def test_code_is_left_as_it_is_wherever_it_stands(text: str, changed: str) -> None:
    assert marked(text) == changed


@given(st.text(st.sampled_from("x `~\n->1. \t\\|"), max_size=40))
def test_nothing_is_lost_around_code(text: str) -> None:
    assert outside_code(text, str) == text
