"""Texts that are written in one place and translated in another."""


def gettext_noop(text: str) -> str:
    """The text itself: a catalogue of the console has it, and translates it where it is shown."""
    return text
