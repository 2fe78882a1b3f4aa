from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any

from channels.channel import Channel, Host
from channels.errors import UnknownChannel

GROUP = "answerdesk.channels"


def build_channels(sections: Mapping[str, Mapping[str, Any]], host: Host) -> dict[str, Channel]:
    """Make each channel that the settings name, from the class its entry point names."""
    doors = {door.name: door for door in entry_points(group=GROUP)}
    channels: dict[str, Channel] = {}
    for name, settings in sections.items():
        if name not in doors:
            known = ", ".join(sorted(doors))
            raise UnknownChannel(f"channels.{name}: no such channel is installed; there are: {known}")
        channels[name] = doors[name].load().from_settings(settings, host)
    return channels
