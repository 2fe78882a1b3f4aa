import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.options import Config, Index, settings_with_index

if TYPE_CHECKING:
    from bot.settings import Settings


def chat(index: Index = None, config: Config = None) -> None:
    """Talk to the bot in the terminal, over the whole path, with a conversation that is thrown away."""
    import logging

    from bot.log import configure_logs

    configure_logs(json=False, level=logging.ERROR)
    settings = settings_with_index(config, index)
    print("Ask a question; an empty line does nothing, Ctrl+D ends. What is handed over goes to nobody here.\n")
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as data:
        here = {"data": Path(data), "database": None, "quiet_period": 0.0, "channels": {"terminal": dict[str, str]()}}
        of_other_channels = {"channel_budgets": dict[str, float](), "limits": dict[str, tuple[object, ...]]()}
        asyncio.run(_chat(settings.model_copy(update=here | of_other_channels)))


async def _chat(settings: "Settings") -> None:
    from bot.app import build

    async with build(settings) as app, app.running() as channels:
        await channels["terminal"]
