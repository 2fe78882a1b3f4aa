"""Documents that differ between two snapshots."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Changes:
    """The documents that came, changed and went from one snapshot to the next, by their ids, in order."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @classmethod
    def between(cls, before: Mapping[str, str], after: Mapping[str, str]) -> Self:
        """Compare the hashes of documents, by their ids."""
        common = before.keys() & after.keys()
        return cls(
            added=tuple(sorted(after.keys() - common)),
            changed=tuple(sorted(document for document in common if before[document] != after[document])),
            removed=tuple(sorted(before.keys() - common)),
        )
