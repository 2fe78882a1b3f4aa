from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson, Config, Index, print_json, settings_with_index

if TYPE_CHECKING:
    from collections.abc import Iterator

Version = Annotated[
    str | None, typer.Argument(metavar="VERSION", help="One of those that `snapshots` lists.", show_default=False)
]


def snapshots(
    config: Config = None,
    index: Index = None,
    keep: Annotated[
        int | None,
        typer.Option(
            "--keep",
            min=1,
            help="Remove all but so many of the newest, the one in use and the one before it.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the snapshots of an index, the newest first; or remove old ones."""
    from retrieval import prune

    folder = settings_with_index(config, index).index
    gone = prune(folder, keep) if keep is not None else []
    rows = list(_rows(folder))
    if as_json:
        print_json({"snapshots": rows, "removed": gone})
        return
    for row in rows:
        mark = "*" if row["is_used"] else " "
        what = row["problem"] or f"{row['documents']:7,} documents {row['megabytes']:8,.1f} MB"
        print(f"{mark} {row['version']}  {what}")
    if not rows:
        print(f"{folder}: there are no snapshots here.")
    if any(row["is_used"] for row in rows):
        print("* in use")
    if keep is not None:
        print(f"Removed: {', '.join(gone) or 'none'}.")


def publish(version: Version = None, config: Config = None, index: Index = None, as_json: AsJson = False) -> None:
    """Put the newest snapshot into use, or the VERSION that is named."""
    from retrieval import open_snapshot, versions

    folder = settings_with_index(config, index).index
    newest = next(iter(versions(folder)), None)
    _use(folder, version or newest or open_snapshot(folder).version, as_json=as_json)


def rollback(version: Version = None, config: Config = None, index: Index = None, as_json: AsJson = False) -> None:
    """Put the snapshot into use again that was in use before, or the VERSION that is named."""
    from retrieval import NoSnapshot, parent_of, versions

    folder = settings_with_index(config, index).index
    used = _used(folder)
    older = (each for each in versions(folder) if used and each < used)  # where the one in use is damaged
    wanted = version or parent_of(folder, used) or next(older, None)
    if wanted is None:
        raise NoSnapshot(f"{folder}: nothing was in use before {used}. `answerdesk snapshots` lists what there is.")
    _use(folder, wanted, as_json=as_json)


def _use(index: Path, version: str, *, as_json: bool) -> None:
    from retrieval import publish

    before = _used(index)
    publish(index, version)
    if as_json:
        print_json({"before": before, "version": version})
    elif before == version:
        print(f"{version} stays in use.")
    else:
        print(f"Now in use: {version}. Before, it was {before}." if before else f"Now in use: {version}.")


def _used(index: Path) -> str | None:
    """The version in use, as far as that can be read: who rolls back wants to be out of trouble, whatever it is."""
    from retrieval import SnapshotError, current_version

    try:
        return current_version(index)
    except SnapshotError:
        return None


def _rows(index: Path) -> "Iterator[dict[str, Any]]":
    from retrieval import SNAPSHOTS, Manifest, SnapshotError, versions

    used = _used(index)
    for version in versions(index):
        row = {"version": version, "is_used": version == used, "parent": None, "created": None, "problem": None}
        try:
            manifest = Manifest.read(index / SNAPSHOTS / version)
        except SnapshotError as error:
            yield row | {"documents": None, "megabytes": None, "problem": str(error)}
            continue
        size = sum(size for size, _ in manifest.files.values()) / 2**20
        yield row | {
            "parent": manifest.parent,
            "created": manifest.created,
            "documents": manifest.documents,
            "megabytes": round(size, 1),
        }
