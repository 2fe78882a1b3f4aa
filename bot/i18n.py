"""Texts that are written in one place and translated in another."""

from gettext import GNUTranslations
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo


def gettext_noop(text: str) -> str:
    """The text itself: a catalogue of the console has it, and translates it where it is shown."""
    return text


def compiled(catalogue: Catalog) -> GNUTranslations:
    """A catalogue as gettext reads it, made in memory."""
    file = BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return GNUTranslations(file)
