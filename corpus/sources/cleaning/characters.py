"""Characters that nobody sees, and that part a word for whoever looks for it."""

import re

#: Soft hyphens, spaces without width (which part words where letters stand without spaces), byte order marks and what
#: only programs read. Joiners of letters stay.
_INVISIBLE = re.compile(
    "\u200b(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])|[\x00-\x08\x0b\x0e-\x1f\x7f\u00ad\u180e\u2060-\u2064\ufeff\ufff9-\ufffb]"
)


def visible(text: str) -> str:
    """A text without the characters that are not seen."""
    return _INVISIBLE.sub("", text)
