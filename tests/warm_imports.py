"""What the commands of the product import, for the process that is forked for each of them (see warm.py)."""

import gc
import importlib
import pkgutil

import bot
import channels
import corpus
import retrieval
from bot.conversation.language.detectors import make_detector

#: They need torch, which serves nobody, or are for tests alone.
_LEFT_OUT = ("channels.testing", "retrieval.encoders.export", "bot.store.migrations")

for package in (bot, retrieval, channels, corpus):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.startswith(_LEFT_OUT) and not module.name.endswith("__main__"):
            importlib.import_module(module.name)

make_detector("py3langid")
gc.collect()
gc.freeze()
