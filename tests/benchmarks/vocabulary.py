"""Words for texts that are made: common ones from help articles, rare ones composed."""

from collections.abc import Iterator
from itertools import product

#: Every second word of a text, about as often as in English.
FUNCTION = tuple(
    "the to you a and in it of is on your for if not that with this can my when or are i as be do from have by at then "
    "will but how so up out after we no what was does which all an has until again there them only its still also "
    "before while into than where been off every same they me once did why get more any just over".split()
)
#: What help articles are about, the most common first.
COMMON = tuple(
    "app account hub device order phone light setting update password lamp sensor button battery email press open "
    "select turn parcel refund delivery payment screen router connect wait add change invoice card reset room home "
    "switch network code version number address time sign customer support plan subscription message delete name "
    "error service send return page choose day start cable charge store motion firmware remote restart step scene "
    "schedule voice alarm door window camera price date confirm cancel contact list money speaker bridge bulb plug "
    "socket garden kitchen bedroom hallway office garage basement temperature heating valve radiator humidity leak "
    "smoke timer holiday colour brightness dimmer warranty serial label box shipping tracking courier customs tax "
    "discount voucher bank transfer receipt billing trial upgrade member family guest permission role owner invite "
    "notification sound vibration language region country backup restore export import file picture video storage "
    "cloud local server gateway channel signal range wall antenna interference pairing mode blink flash hold click "
    "swipe scroll menu icon widget shortcut routine trigger condition action rule group zone floor ceiling outdoor "
    "weather sunrise sunset energy power consumption meter solar panel thermostat fan pump blind curtain lock key "
    "doorbell fingerprint history log report chart average limit threshold calibration repair replacement damage "
    "missing wrong broken slow stuck loud empty full weak old new second spare original compatible certified".split()
)
_STEMS = tuple(
    "connect mount print scan pair sync load stream charge heat cool dim lock count filter trace route cast link grid "
    "beam pulse ring node port band loop wire coil glow frame clip latch drain seal vent track board chip cell mesh "
    "gauge stack store queue batch draft token badge vault".split()
)
_BEGINNINGS = ("", "re", "un", "pre", "over", "under", "multi", "inter", "auto", "micro", "dis", "non")
_ENDINGS = (
    "ing",
    "er",
    "able",
    "ed",
    "less",
    "ment",
    "set",
    "box",
    "line",
    "ware",
    "kit",
    "point",
    "pad",
    "hub",
    "way",
)


def vocabulary() -> tuple[str, ...]:
    """Content words without repetition, the most common first: about nine thousand."""
    return tuple(dict.fromkeys((*COMMON, *_composed())))


def _composed() -> Iterator[str]:
    for beginning, ending, stem in product(_BEGINNINGS, _ENDINGS, _STEMS):
        yield f"{beginning}{stem}{ending}"
