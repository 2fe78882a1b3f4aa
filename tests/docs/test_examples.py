"""The code that the docs show is the code that is tested."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLE = ("tests/docs/mattermost.py", "tests/docs/test_mattermost.py")


def test_the_channel_in_the_docs_is_the_tested_one() -> None:
    page = (ROOT / "docs" / "writing-a-channel.md").read_text("utf-8")
    shown = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert shown[: len(EXAMPLE)] == [(ROOT / file).read_text("utf-8") for file in EXAMPLE]


def test_a_small_channel_is_small_with_its_test() -> None:
    assert sum(len((ROOT / file).read_text("utf-8").splitlines()) for file in EXAMPLE) < 150
