"""Plays the conversations and writes their transcripts: `python -m tests.conversations INDEX FOLDER`.

INDEX is an index of the sample corpus. Those that are read and found good go into `transcripts/`, by hand.
"""

import asyncio
import logging
import sys
from pathlib import Path

import structlog

from tests.conversations.playing import Played
from tests.conversations.recording import as_text, play_script, shared_index
from tests.conversations.script import scripts


def main(index: Path, folder: Path) -> None:
    """Write a file of transcripts for each of conversations, and say how many a program finds no fault with."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    opened, played = shared_index(index), list[Played]()
    folder.mkdir(exist_ok=True)
    for script in scripts():
        newly = asyncio.run(play_script(opened, script))
        (folder / f"{script}.txt").write_text(as_text(newly), "utf-8")
        played += newly
    for each in played:
        for fault in each.faults:
            print(f"{each.conversation.name}, step {fault}")
    print(f"{sum(not each.faults for each in played)} of {len(played)} without a fault")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
