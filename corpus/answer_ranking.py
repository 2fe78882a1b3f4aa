"""Ranking of a forum thread's answers, and the authority of each.

The rules, first one wins:

1. What the company says (`official`) beats what was accepted, and what was accepted beats what was voted for. So an
   accepted answer loses to an official one, whichever is older.
2. Among official answers the accepted one stands, unless a later one came more than `CORRECTS_AFTER` after it: what
   comes soon after is a courtesy ("glad it helped"), what comes much later is a correction. Without an accepted
   one, the newest.
3. Among the others, votes decide, and an expert's answer counts as `EXPERT_VOTES` votes more. Votes in favour halve
   every `HALF_LIFE`, as products change; votes against do not fade.
4. Equal answers: the newer one, then the one that came first in the thread.

An answer without a date is as old as an answer can be. `today` is always given: the day that ages are counted from. Who
reads a corpus takes it from the corpus, so that the same one gives the same index whenever it is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Role = Literal["official", "expert", "member"]

CORRECTS_AFTER = timedelta(days=30)
HALF_LIFE = timedelta(days=730)
EXPERT_VOTES = 3

#: Authority when new, by role, of an answer that was (accepted, not accepted).
_FRESH: dict[Role, tuple[float, float]] = {"official": (1.0, 0.95), "expert": (0.85, 0.6), "member": (0.7, 0.3)}
#: What votes alone can add to an answer that was not accepted.
_VOTED = 0.15
#: What is left of an authority after a very long time.
_FLOOR = 0.6


@dataclass(frozen=True, kw_only=True)
class ForumAnswer:
    """One answer of a forum thread."""

    id: str
    text: str
    role: Role = "member"
    accepted: bool = False
    votes: int = 0
    author: str | None = None
    day: date | None = None


def rank_answers(answers: Sequence[ForumAnswer], today: date) -> list[ForumAnswer]:
    """The answers of one thread, most trusted first."""
    # Sorting is stable, so that equal answers keep the thread's order.
    ranking = sorted(answers, key=lambda answer: _rank(answer, today), reverse=True)
    standing = next((answer for answer in ranking if answer.role == "official" and answer.accepted), None)
    if standing is not None and not _corrects(ranking[0], standing):
        ranking.remove(standing)
        ranking.insert(0, standing)
    return ranking


def authority(answer: ForumAnswer, today: date) -> float:
    """Trust in an answer among all documents, 0 to 1: who said it, whether it was accepted, votes and age.

    The company's own word is 1 when new. Age takes up to `1 - _FLOOR` of it, half of that in each `HALF_LIFE`.
    """
    accepted, plain = _FRESH[answer.role]
    votes = max(0, answer.votes) * _freshness(answer, today)
    fresh = accepted if answer.accepted else min(accepted, plain + _VOTED * votes / (votes + EXPERT_VOTES))
    if answer.votes < 0 and not answer.accepted:
        fresh /= 2
    return fresh * (_FLOOR + (1 - _FLOOR) * _freshness(answer, today))


def confirmed(answer: ForumAnswer) -> bool:
    """True where the company stands behind an answer: it is official, or an expert's that was accepted.

    A member's accepted answer is not confirmed: the one who asked accepted it, and that is not the company.
    """
    return answer.role == "official" or (answer.accepted and answer.role == "expert")


def _rank(answer: ForumAnswer, today: date) -> tuple[int, date | float, date]:
    day = answer.day or date.min
    if answer.role == "official":
        return 2, day, day
    return int(answer.accepted), _weight(answer, today), day


def _corrects(later: ForumAnswer, standing: ForumAnswer) -> bool:
    return (later.day or date.min) - (standing.day or date.min) > CORRECTS_AFTER


def _weight(answer: ForumAnswer, today: date) -> float:
    votes = answer.votes + (EXPERT_VOTES if answer.role == "expert" else 0)
    return votes * _freshness(answer, today) if votes > 0 else float(votes)


def _freshness(answer: ForumAnswer, today: date) -> float:
    """1 when new, halved in every `HALF_LIFE`; a date in the future is today."""
    age = max(timedelta(0), today - (answer.day or date.min))
    return float(0.5 ** (age / HALF_LIFE))
