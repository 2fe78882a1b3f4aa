"""Charts of a report. They are narrow, so that a phone shows their words at a readable size."""

from collections.abc import Sequence
from html import escape

from retrieval.evaluation.metrics import Bin, Point
from retrieval.evaluation.report.prose import DECISIONS, percent
from retrieval.evaluation.report.results import DecisionCounts
from retrieval.evaluation.report.svg import ceiling, text

_WIDTH, _LEFT, _TOP, _RIGHT = 360, 44, 14, 346
_BOTTOM = 214
_SIZE = 12
#: Where the bars of decisions begin, behind their names.
_BARS = 92
#: Colours are the page's, light and dark.
_INK, _QUIET, _GRID = "var(--text)", "var(--quiet)", "var(--line)"
_ACCENT, _DANGER, _TINT = "var(--accent)", "var(--danger)", "var(--bar)"
#: Points of a curve that are drawn; more would not be seen.
_DRAWN = 300
#: A curve begins where this many questions are answered: the first few say nothing but noise.
_STEADY = 5


def coverage_chart(curve: Sequence[Point], *, budget: float, threshold: float, questions: int) -> str:
    """The share of wrong answers against the share answered, with the budget and the threshold in use."""
    drawn = [point for point in curve if point.coverage * questions >= _STEADY - 0.5] or list(curve)
    drawn = drawn[:: max(1, len(drawn) // _DRAWN)] + drawn[-1:]
    most = min(1.0, ceiling(max([budget, *(point.risk for point in drawn)])))

    def across(share: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * share

    def down(share: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * min(1.0, share / most)

    way = " ".join(f"{across(point.coverage):.1f},{down(point.risk):.1f}" for point in drawn)
    height = down(budget)
    used = [point for point in curve if point.confidence >= threshold]
    parts = [
        *_frame(most, "questions answered"),
        f'<path d="M{_LEFT} {height:.1f}H{_RIGHT}" stroke="{_DANGER}" stroke-dasharray="5 4"/>',
        text(_RIGHT, height - 5, f"budget {percent(budget)}", fill=_DANGER, anchor="end", size=_SIZE),
        f'<polyline points="{way}" fill="none" stroke="{_ACCENT}" stroke-width="2" stroke-linejoin="round"/>',
    ]
    at, risk = (used[-1].coverage, used[-1].risk) if used else (0.0, 0.0)
    x, y = across(at), down(risk)
    says = f"threshold {percent(threshold)}" if threshold <= 1 else "nothing is answered"
    parts += [
        f'<path d="M{x:.1f} {_TOP}V{_BOTTOM}" stroke="{_INK}" stroke-dasharray="2 3"/>',
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{_ACCENT}"/>',
        text(
            x + 6 if at < 0.55 else x - 6,
            _TOP + 10,
            says,
            fill=_INK,
            anchor="start" if at < 0.55 else "end",
            size=_SIZE,
        ),
    ]
    told = f"Share of wrong answers over share answered. In use: {percent(at)} answered, {percent(risk)} of them wrong."
    return _picture(parts, told, 252)


def reliability_chart(bins: Sequence[Bin]) -> str:
    """The share that was right against the confidence, in bins, with the count of each."""
    wide = (_RIGHT - _LEFT) / max(1, len(bins))
    parts = [
        *_frame(1.0, "confidence"),
    ]
    for place, each in enumerate(bins):
        x = _LEFT + wide * place
        if each.right is not None and each.confidence is not None:
            high = (_BOTTOM - _TOP) * each.right
            at = _LEFT + (_RIGHT - _LEFT) * each.confidence
            parts.append(
                f'<rect x="{x + 1:.1f}" y="{_BOTTOM - high:.1f}" width="{wide - 2:.1f}" height="{high:.1f}" '
                f'fill="{_TINT}"/>'
            )
            parts.append(f'<circle cx="{at:.1f}" cy="{_BOTTOM - high:.1f}" r="3.5" fill="{_ACCENT}"/>')
        middle = x + wide / 2 + 4
        parts.append(
            f'<g transform="rotate(-90 {middle:.1f} 290)">'
            f"{text(middle, 290, str(each.questions), fill=_INK if each.questions else _QUIET, size=_SIZE)}</g>"
        )
    parts.append(f'<path d="M{_LEFT} {_BOTTOM}L{_RIGHT} {_TOP}" stroke="{_QUIET}" stroke-dasharray="5 4"/>')
    parts.append(text(_LEFT - 6, 276, "count", fill=_QUIET, anchor="end", size=_SIZE))
    return _picture(parts, "Share of questions whose first document was right, by confidence.", 296)


def decision_chart(counts: Sequence[DecisionCounts]) -> str:
    """A bar for each decision: questions that were shown the right page, another one, and that no page answers."""
    most = max(1, *(each.questions for each in counts))
    high, parts = 34, []
    for place, each in enumerate(counts):
        y = _TOP + high * place
        x = float(_BARS)
        parts.append(text(_BARS - 8, y + 16, DECISIONS[each.decision], fill=_INK, anchor="end", size=_SIZE))
        for count, colour in ((each.right, _ACCENT), (each.wrong, _DANGER), (each.out_of_scope, _TINT)):
            wide = (_RIGHT - 30 - _BARS) * count / most
            parts.append(f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="22" fill="{colour}"/>')
            x += wide
        parts.append(text(x + 5, y + 16, str(each.questions), fill=_QUIET, anchor="start", size=_SIZE))
    y = _TOP + high * len(counts) + 8
    for place, (said, colour) in enumerate(
        (("right page", _ACCENT), ("other page", _DANGER), ("no page answers", _TINT))
    ):
        x = _BARS - 60 + place * 105
        parts.append(f'<rect x="{x}" y="{y}" width="10" height="10" fill="{colour}"/>')
        parts.append(text(x + 14, y + 9, said, fill=_QUIET, anchor="start", size=_SIZE))
    told = "; ".join(
        f"{DECISIONS[each.decision]}: {each.questions}, the right page in {each.right}, another in {each.wrong}, "
        f"none answers in {each.out_of_scope}"
        for each in counts
    )
    return _picture(parts, f"Questions by decision. {told}.", y + 18)


def _frame(most: float, across: str) -> list[str]:
    """Grid and axes: shares up to `most` upwards, from 0 to 1 across."""
    parts = []
    for step in range(5):
        y = _BOTTOM - (_BOTTOM - _TOP) * step / 4
        x = _LEFT + (_RIGHT - _LEFT) * step / 4
        parts += [
            f'<path d="M{_LEFT} {y:g}H{_RIGHT}" stroke="{_GRID}"/>',
            text(_LEFT - 6, y + 4, percent(most * step / 4), fill=_QUIET, anchor="end", size=_SIZE),
            text(x, _BOTTOM + 17, f"{25 * step}", fill=_QUIET, anchor="end" if step == 4 else "middle", size=_SIZE),
        ]
    return [*parts, text((_LEFT + _RIGHT) / 2, _BOTTOM + 34, f"% {across}", fill=_QUIET, anchor="middle", size=_SIZE)]


def _picture(parts: Sequence[str], told: str, height: int) -> str:
    drawn = "\n".join(parts)
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(told)}">\n{drawn}\n</svg>'
