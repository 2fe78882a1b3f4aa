from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at on a platform; `cure` says what to do where it is not well."""

    ok: bool
    what: str
    cure: str | None = None
