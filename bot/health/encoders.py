"""Comparison of the encoder that the settings have with the one that the index was made with."""

from bot.settings import Settings
from retrieval import RetrievalError, Snapshot, open_snapshot


def other_encoder(settings: Settings, snapshot: Snapshot | None = None) -> str | None:
    """A sentence where the snapshot in use was made with another encoder than the settings have; it goes on answering.

    None where it is the same, where it reads no English, and where there is no index.
    """
    try:
        snapshot = snapshot or open_snapshot(settings.index)
    except RetrievalError:
        return None  # said elsewhere
    made = [space.encoder_name for space in snapshot.spaces if not space.entry.is_mixed]
    if not made or made[0] in {None, settings.encoder}:
        return None
    return (
        f"The settings have `encoder` = {settings.encoder}, and the snapshot in use was made with {made[0]}, which "
        "goes on answering until a reindex."
    )
