import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.options import Config, Index, index_folder

if TYPE_CHECKING:
    from bot.settings import Settings


def chat(index: Index = None, config: Config = None) -> None:
    """Talk to the bot in the terminal, over the whole path, with a conversation that is thrown away."""
    import logging

    from bot.logs import configure_logs
    from bot.settings import Settings

    configure_logs(json=False, level=logging.ERROR)
    folder = index_folder(index, config)
    print("Ask a question; an empty line does nothing, Ctrl+D ends. What is handed over goes to nobody here.\n")
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as data:
        overrides = {"index": folder.absolute(), "data": Path(data), "quiet_period": 0.0, "channels": {"terminal": {}}}
        asyncio.run(_chat(Settings.read(None, **overrides)))


async def _chat(settings: "Settings") -> None:
    from bot.app import build

    async with build(settings) as app, app.running() as channels:
        await channels["terminal"]
