"""X's rules for what it is sent, by its API's description: what may be asked for, and what a message may hold."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST = 10_000
_FIELDS = {
    "dm_event.fields": {
        "attachments", "created_at", "dm_conversation_id", "entities", "event_type", "id", "participant_ids",
        "referenced_tweets", "sender_id", "text",
    },
    "event_types": {"MessageCreate", "ParticipantsJoin", "ParticipantsLeave"},
    "expansions": {"attachments.media_keys", "participant_ids", "referenced_tweets.id", "sender_id"},
    "media.fields": {
        "alt_text", "duration_ms", "height", "media_key", "non_public_metrics", "organic_metrics",
        "preview_image_url", "promoted_metrics", "public_metrics", "type", "url", "variants", "width",
    },
    "user.fields": {
        "created_at", "description", "entities", "id", "location", "most_recent_tweet_id", "name", "pinned_tweet_id",
        "profile_image_url", "protected", "public_metrics", "url", "username", "verified", "verified_type", "withheld",
    },
}  # fmt: skip
_PAGING = {"max_results", "pagination_token"}


def wrong_with_query(query: Mapping[str, str]) -> str | None:
    """Complaints about the query of a request for messages."""
    for name, value in query.items():
        if name in _PAGING:
            continue
        if name not in _FIELDS:
            return f"the parameter {name} is not one of {sorted([*_FIELDS, *_PAGING])}"
        unknown = set(value.split(",")) - _FIELDS[name]
        if unknown:
            return f"{name}: {sorted(unknown)} is not known"
    most = query.get("max_results", "100")
    if not (most.isdecimal() and 1 <= int(most) <= 100):
        return f"max_results: {most} is not between 1 and 100"
    return None


def wrong_with_message(body: Any) -> str | None:
    """Complaints about a message that is to be sent."""
    if not isinstance(body, dict):
        return "the body is no object"
    if unknown := set(body) - {"text", "attachments"}:
        return f"additional properties are not allowed: {sorted(unknown)}"
    text = body.get("text")
    if not isinstance(text, str):
        return "text is missing"
    if not text.strip():
        return "text is empty"
    return f"text has {len(text)} characters, {LONGEST} are the most" if len(text) > LONGEST else None


@dataclass
class RateWindow:
    """One of X's limits: so many requests in a stretch of time that begins with the first of them."""

    count: int
    seconds: float
    #: Its name in the headers of an answer, such as "x-rate-limit".
    header: str = "x-rate-limit"
    _taken: deque[float] = field(default_factory=deque)

    def take(self, now: float) -> bool:
        """Use one up; False when none is left."""
        while self._taken and self._taken[0] <= now - self.seconds:
            self._taken.popleft()
        if len(self._taken) >= self.count:
            return False
        self._taken.append(now)
        return True

    def headers(self, now: float) -> dict[str, str]:
        """As X tells it."""
        reset = (self._taken[0] if self._taken else now) + self.seconds
        return {
            f"{self.header}-limit": str(self.count),
            f"{self.header}-remaining": str(max(0, self.count - len(self._taken))),
            f"{self.header}-reset": str(int(reset) + 1),
        }
