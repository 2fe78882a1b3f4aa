"""Looking whether something is set up and well: what `answerdesk doctor` and `answerdesk channels check` tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One thing that was looked at: what it is about, how it was found, and what to do where it is not well."""

    subject: str
    message: str
    remedy: str | None = None

    @property
    def ok(self) -> bool:
        """True when nothing needs to be done."""
        return self.remedy is None

    def as_json(self) -> dict[str, Any]:
        """The result as `--json` prints it, under the keys it has always had."""
        return {"ok": self.ok, "about": self.subject, "what": self.message, "cure": self.remedy}


@runtime_checkable
class Checkable(Protocol):
    """A channel that can say whether its platform would take it."""

    async def check(self) -> Sequence[CheckResult]:
        """Ask the platform, change nothing, and say in plain words what is well and what to do next."""


class NullHost:
    """A host for a channel that is only looked at: nothing is taken in, and NotImplementedError says so."""

    async def accept(self, *_: Any, **__: Any) -> Any:
        """Refuse: nothing is to come."""
        raise NotImplementedError

    lines = status = changed = accept
