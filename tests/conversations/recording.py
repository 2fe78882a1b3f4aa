"""The transcripts that are compared: where they are, and how they are written."""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.services.index import Index
from bot.settings import Settings
from retrieval import LiveIndex
from tests.conversations.playing import Played, play
from tests.conversations.script import HERE, conversations
from tests.conversations.web_customer import web_stage

TRANSCRIPTS = HERE / "transcripts"


def shared_index(folder: Path) -> LiveIndex:
    """The index in a folder, deciding as the settings' defaults would; how customers ask does not change it."""
    settings = Settings.read(None, index=folder, data=folder, channels={"web": {}})
    return LiveIndex(folder, budget=settings.budget, decisions=settings.decisions.limits, is_frozen=True)


async def play_script(index: Index, script: str, *, names: Collection[str] | None = None) -> Sequence[Played]:
    """Play the conversations of a file in the web chat, in their order: all, or those of these names."""
    with TemporaryDirectory() as folder:
        async with web_stage(Path(folder), index) as stage:
            return [await play(stage, each) for each in conversations(script) if names is None or each.name in names]


def as_text(played: Sequence[Played]) -> str:
    """The transcripts of one file."""
    return "\n".join(each.text for each in played)


def recorded(script: str) -> Mapping[str, str]:
    """The transcripts of a file that are written down, by the conversations' names."""
    path = TRANSCRIPTS / f"{script}.txt"
    blocks = re.split(r"\n(?=# .*\n# )", path.read_text("utf-8")) if path.exists() else []
    return {block.partition("\n")[0].removeprefix("# "): block.rstrip() for block in blocks}
