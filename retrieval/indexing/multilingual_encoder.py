"""Choice of the encoder for what is asked or written in other languages than English."""

from collections.abc import Sequence
from pathlib import Path

from corpus import Document
from corpus.sources.source import Notice
from retrieval.encoders.e5 import NAME
from retrieval.encoders.encoder import Encoder
from retrieval.encoders.named import named_encoder
from retrieval.errors import EncoderDamaged, EncoderUnavailable, SnapshotError
from retrieval.indexing.spaces import wants_languages
from retrieval.snapshot.snapshot import current_version, open_snapshot

#: What a maintainer may say instead of a model's name.
AUTO, NONE = "auto", "none"


def multilingual_encoder(wanted: str, documents: Sequence[Document], index: Path, *, notice: Notice) -> Encoder | None:
    """The encoder that is wanted: by its name, "none", or "auto" for NAME where the documents can do with it.

    Where it is not there, `notice` hears what is missing, and English goes on without it; except where the index in use
    serves other languages already: that is not given up without being told to, and EncoderUnavailable is raised.
    """
    if wanted == NONE or (wanted == AUTO and not wants_languages(documents)):
        return None
    try:
        return named_encoder(NAME if wanted == AUTO else wanted)
    except (EncoderUnavailable, EncoderDamaged) as error:
        if _serves_languages(index):
            raise EncoderUnavailable(
                f"{error} The index in use serves other languages, and stays in use. "
                "To give them up: reindex with --languages none."
            ) from error
        if wanted != AUTO or any(document.language not in {None, "en"} for document in documents):
            notice(f"{error} Until then only questions in English are served.")
        return None


def _serves_languages(index: Path) -> bool:
    try:
        return current_version(index) is not None and any(
            entry.is_mixed for entry in open_snapshot(index).manifest.spaces
        )
    except (SnapshotError, EncoderDamaged):
        return False
