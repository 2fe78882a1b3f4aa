"""Whole conversations with the sample help centre that went well, from the first word to the last.

`python -m tests.conversations INDEX FOLDER` plays all that are written and says what is wrong with each.
"""

import asyncio
from pathlib import Path

import pytest

from retrieval import LiveIndex
from tests.conversations.platform_customer import slack_stage, telegram_stage
from tests.conversations.playing import play_on_platform
from tests.conversations.recording import play_script, recorded, shared_index
from tests.conversations.script import conversations, scripts
from tests.language.said import outcome, sayings

#: Those that are played on a messaging platform too, by their names.
ON_PLATFORMS = {
    "slack": (slack_stage, ("un client pressé", "en norsk kunde vil ha et menneske")),
    "telegram": (telegram_stage, ("en dansk retur", "een Nederlandse klant")),
}
#: Of what is not wanted, what is still answered with how to do it. None should be.
STILL_OPPOSITE = 3


@pytest.fixture(scope="module")
def index(sample_index: Path) -> LiveIndex:
    return shared_index(sample_index)


@pytest.mark.parametrize("script", [script for script in scripts() if recorded(script)])
def test_those_that_were_read_and_found_good_stay_so(index: LiveIndex, script: str) -> None:
    good = recorded(script)
    played = asyncio.run(play_script(index, script, names=good))
    assert {each.conversation.name: each.faults for each in played} == {name: [] for name in good}


@pytest.mark.parametrize("channel", list(ON_PLATFORMS))
def test_they_go_so_on_a_messaging_platform(tmp_path: Path, index: LiveIndex, channel: str) -> None:
    opened, names = ON_PLATFORMS[channel]
    with opened(tmp_path, index) as stage:
        for script in scripts():
            for each in conversations(script):
                if each.name in names:
                    assert play_on_platform(stage.arrives(each), each).faults == []


def test_what_is_not_wanted_is_not_answered_with_the_page_on_how_to_do_it(index: LiveIndex) -> None:
    read = [(each, outcome(each, index)) for each in sayings("negation", "test")]
    opposite = [f"{each.language}: {each.text}" for each, found in read if found.shown & set(each.beside[0].split())]
    assert len(opposite) <= STILL_OPPOSITE, opposite
