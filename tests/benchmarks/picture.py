"""A picture of latency and memory against the size of the corpus, as SVG without a library."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from retrieval.evaluation.report.svg import ceiling, text
from tests.benchmarks.figures import Measured

_WIDTH, _HEIGHT = 960, 420
#: A panel's plot: how wide and high, and how far from the picture's upper edge.
_PLOT_WIDTH, _PLOT_HEIGHT, _TOP = 360, 270, 80
_LEFT = (70, 560)
#: Closer below another point than this, a value is written under its own.
_CROWDED = 28
_GREY, _INK = "#d9dde3", "#1f2933"
_COLOURS = ("#1d4ed8", "#d97706", "#047857", "#9333ea")
_text = partial(text, fill=_INK)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One quantity at each size of the corpus: passages, value."""

    name: str
    points: Sequence[tuple[int, float]]


def picture(measured: Sequence[Measured]) -> str:
    """Two panels: milliseconds of a short question, megabytes of a process that serves; both against passages."""
    found = sorted(measured, key=lambda each: each.building.passages)
    asked = [(each.building.passages, each.asked.short) for each in found if each.asked.short]
    latency = [
        Line(name="whole question", points=[(size, short.whole.p50) for size, short in asked]),
        Line(name="encoder alone", points=[(size, short.encoder.p50) for size, short in asked]),
        Line(name="search alone", points=[(size, short.search.p50) for size, short in asked]),
    ]
    memory = [
        Line(name="resident", points=[(each.building.passages, each.alone.rss) for each in found]),
        Line(
            name="own, beside a second process",
            points=[(each.building.passages, max(one.uss for one in each.beside)) for each in found],
        ),
    ]
    body = [
        *_panel(_LEFT[0], "Time of a question, median", "milliseconds", latency),
        *_panel(_LEFT[1], "Memory of a process that serves", "megabytes", memory),
    ]
    drawn = "\n".join(body)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"
 font-family="system-ui, sans-serif" fill="{_INK}">
<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>
{drawn}
</svg>
"""


def _panel(left: int, title: str, unit: str, lines: Sequence[Line]) -> list[str]:
    sizes = sorted({size for line in lines for size, _ in line.points})
    most = ceiling(max((value for line in lines for _, value in line.points), default=1))
    bottom = _TOP + _PLOT_HEIGHT
    drawn = [_text(left, 28, title, size=16, weight="600"), _text(left, 48, unit)]
    for step in range(5):
        value = most * step / 4
        y = bottom - _PLOT_HEIGHT * step / 4
        drawn.append(f'<path d="M{left} {y:g}h{_PLOT_WIDTH}" stroke="{_GREY}"/>')
        drawn.append(_text(left - 8, y + 4, f"{value:g}", anchor="end"))
    for size in sizes:
        x = _across(size, sizes, left)
        drawn.append(f'<path d="M{x:g} {bottom}v5" stroke="{_INK}"/>')
        drawn.append(_text(x, bottom + 32, f"{size:,}".replace(",", " "), anchor="middle"))
    drawn.append(_text(left + _PLOT_WIDTH / 2, bottom + 54, "passages", anchor="middle"))
    for place, (line, colour) in enumerate(zip(lines, _COLOURS, strict=False)):
        ends = [(_across(size, sizes, left), bottom - _PLOT_HEIGHT * value / most) for size, value in line.points]
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in ends)
        drawn.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for (x, y), (size, value) in zip(ends, line.points, strict=True):
            higher = [other for each in lines for at, other in each.points if at == size and other > value]
            is_crowded = any(_PLOT_HEIGHT * (other - value) / most < _CROWDED for other in higher)
            said = f"{value:.3g}" if value < 100 else f"{value:.0f}"
            drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>')
            drawn.append(_text(x, y + 17 if is_crowded else y - 9, said, anchor="middle", fill=colour))
        drawn.append(f'<rect x="{left + 130 * place}" y="58" width="12" height="12" fill="{colour}"/>')
        drawn.append(_text(left + 130 * place + 17, 69, line.name))
    return drawn


def _across(size: int, sizes: Sequence[int], left: int) -> float:
    """Where a size is on a logarithmic axis; alone it stands in the middle."""
    least, most = math.log10(sizes[0]), math.log10(sizes[-1])
    share = (math.log10(size) - least) / (most - least) if most > least else 0.5
    return left + _PLOT_WIDTH * (0.06 + 0.88 * share)
