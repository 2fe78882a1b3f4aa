"""The catalogues: one file of gettext's PO format for each language, and one more where formal address has other words.

Nothing compiled is kept: Babel reads a catalogue when its language is first spoken, and makes what gettext reads in
memory.
"""

from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Literal

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.i18n import compiled
from corpus.language_tags import canonical_code

Address = Literal["formal", "informal"]

FOLDER = Path(__file__).with_name("catalogues")
#: What companies there mostly do in support; a language that is not here has one address for all.
USUAL_ADDRESS: dict[str, Address] = {
    "de": "formal",
    "es": "informal",
    "fi": "informal",
    "fr": "formal",
    "it": "formal",
    "nl": "informal",
    "pl": "formal",
    "pt": "formal",
}
LANGUAGES = ("en", "sv", "de", "es", "fr", "da", "nb", "it", "pt", "nl", "fi", "pl")
FALLBACK = "en"


def spoken(language: str | None) -> str:
    """The language we speak to somebody whose language or locale this is: "pt" for "pt-BR"; English if we must."""
    name = canonical_code((language or "").replace("_", "-").split("-")[0].lower())
    return name if name in LANGUAGES else FALLBACK


def read_catalogue(name: str) -> Catalog:
    """The catalogue of that name, such as "de" or "de@formal", as it is written."""
    with (FOLDER / f"{name}.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


@cache
def translations(language: str, address: Address | None) -> GNUTranslations:
    """The sentences of a language as gettext reads them: formal ones first where they are asked for, English last."""
    found = _compiled(language)
    if address == "formal" and language in USUAL_ADDRESS:
        formal = _compiled(f"{language}@formal")
        formal.add_fallback(found)
        found = formal
    if language != FALLBACK:
        found.add_fallback(_compiled(FALLBACK))
    return found


def _compiled(name: str) -> GNUTranslations:
    return compiled(read_catalogue(name))
