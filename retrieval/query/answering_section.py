"""The section of each page that answers a question: near it in meaning, and called what it asks for."""

from typing import Final

import numpy as np

from retrieval.encoders.encoder import Vectors
from retrieval.scoring.fusion import Floats, Ints
from retrieval.snapshot.bm25 import QueryTerms
from retrieval.snapshot.space import Space

#: How much it counts, beside a cosine of 1, that a heading says what is asked and nothing else, and that it says so.
HEADING: Final = (0.5, 0.2)
#: The same where documents of many languages meet, whose cosines differ by a fifth of what others do.
HEADING_MIXED: Final = (0.2, 0.08)
#: By how much a section leads the next of its passage where it alone may be shown, and the same where languages meet.
#: Measured on a help centre whose questions say under which heading the answer stands: of those that lead by so much,
#: nine of ten are the right ones, of the others two of three.
LEADS: Final = 0.04
LEADS_MIXED: Final = 0.016


def answering_sections(space: Space, query: Vectors, terms: QueryTerms, documents: Ints) -> list[tuple[int, int, bool]]:
    """For each document the row of the passage that answers a question [dimensions], and its section's number there.

    And whether the section leads the others of the passage, and is nearer to the question than what the page is called:
    who asks for a page as a whole is not shown the last of its ways alone. The number is -1 where nothing in a passage
    is told apart.
    """
    starts, units = space.units.rows_of(documents)
    nearness = space.vectors.rows(units) @ query
    sections, rows = space.units.section[units].astype(np.int64), space.units.passage[units]
    told = np.flatnonzero(sections >= 0)
    scores = nearness[told] + _heading_says(space, sections[told], terms)
    least = LEADS_MIXED if space.entry.is_mixed else LEADS
    found = []
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(units)], strict=True):
        first, last = np.searchsorted(told, (start, end)).tolist()
        if first < last:
            own, ours = sections[told[first:last]], scores[first:last]
            best = int(np.argmax(ours))
            row, number = space.sections.places[own[best]].tolist()
            rivals = ours[(own != own[best]) & (space.sections.places[own, 0] == row)]
            called = nearness[start:end][rows[start:end] < 0].max(initial=-np.inf)
            is_told = nearness[start:end][sections[start:end] == own[best]].max() >= called
            found.append((row, number, bool(is_told and ours[best] - rivals.max(initial=-np.inf) >= least)))
        else:
            shown = start + np.flatnonzero(rows[start:end] >= 0)
            found.append((int(rows[shown[np.argmax(nearness[shown])]]), -1, False))
    return found


def _heading_says(space: Space, sections: Ints, terms: QueryTerms) -> Floats:
    """Weigh what the heading of each of these sections has in common with the question, float32 [n]."""
    distinct, places = np.unique(sections, return_inverse=True)
    weights = HEADING_MIXED if space.entry.is_mixed else HEADING
    either, of_question = space.sections.in_common(distinct, terms.weights)
    says: Floats = np.float32(weights[0]) * either + np.float32(weights[1]) * of_question
    return says[places]
