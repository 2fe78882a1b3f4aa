"""Looking whether a channel is set up: what `answerdesk channels check` asks and tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One thing that was looked at; `remedy` says what to do next when it is not well."""

    ok: bool
    message: str
    remedy: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The result as `channels check --json` prints it, under the keys it has always had."""
        return {"ok": self.ok, "what": self.message, "cure": self.remedy}


@runtime_checkable
class Checkable(Protocol):
    """A channel that can say whether its platform would take it."""

    async def check(self) -> Sequence[CheckResult]:
        """Ask the platform, change nothing, and say in plain words what is well and what to do next."""
