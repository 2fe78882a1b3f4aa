"""The parts of pictures that are drawn as SVG without a library."""

import math
from html import escape


def text(
    x: float, y: float, words: str, *, fill: str, anchor: str = "start", size: int = 13, weight: str = "400"
) -> str:
    """Words at a point: their baseline, and by `anchor` their start, middle or end."""
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" fill="{fill}">'
        f"{escape(words)}</text>"
    )


def ceiling(value: float) -> float:
    """A round number above a value, that divides well by four."""
    unit = 10.0 ** math.floor(math.log10(max(value, 1e-9)))
    return next(unit * times for times in (1, 2, 4, 6, 8, 12, 20) if unit * times >= 1.08 * value)
