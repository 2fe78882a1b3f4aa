"""A space: an encoder, the languages it serves, and all that a snapshot knows of documents through it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.embedding_cache import KEYS, Keys
from retrieval.encoders.encoder import Encoder, account, describe, open_encoder
from retrieval.errors import EncoderDamaged, EncoderMismatch
from retrieval.scoring.calibration import load_calibration
from retrieval.scoring.fusion import FusionWeights
from retrieval.snapshot.bm25 import Bm25Index
from retrieval.snapshot.document_table import DocumentTable
from retrieval.snapshot.embedded_texts import EmbeddedTexts
from retrieval.snapshot.page_report import PageReport
from retrieval.snapshot.section_table import SectionTable
from retrieval.snapshot.topics import Topics
from retrieval.snapshot.vectors import VectorIndex
from retrieval.snapshot.wordings import Wordings

ENCODER = "encoder"
#: Where the further spaces of a snapshot are; the first has its files beside the passages.
SPACES, MAIN = "spaces", "main"
#: What a space learned for questions in languages that no document is in.
FOREIGN = "foreign"


@dataclass(frozen=True, kw_only=True)
class SpaceManifest:
    """Entry of a space in a snapshot's manifest."""

    name: str
    #: The languages whose questions it serves, as ISO 639-1 codes; None for all of them.
    languages: tuple[str, ...] | None
    #: Fingerprint of the encoder that its vectors were made with.
    encoder: str
    #: How the vectors are searched, how many lists are looked into, and the share of the ten nearest that this finds.
    index: str
    probes: int
    recall: float
    #: The snapshot whose lists were taken over, with what has changed; None when they were made of these vectors alone.
    centres: str | None
    documents: int
    units: int
    #: Whether documents and questions of many languages meet in it.
    is_mixed: bool
    #: The name or folder by which the settings had that encoder; None in a snapshot of an earlier release.
    encoder_name: str | None = None

    @property
    def wanted_by(self) -> str:
        """A sentence on the setting that its encoder was wanted by, to be put after an error; empty if not known."""
        if self.encoder_name is None:
            return ""
        setting = "languages" if self.is_mixed else "encoder"
        return f" It was made with the setting {setting} = {json.dumps(self.encoder_name, ensure_ascii=False)}."


class Space:
    """One space of a snapshot, its files mapped into memory; the encoder is opened when a question needs it."""

    def __init__(self, directory: Path, entry: SpaceManifest) -> None:
        """Open it; EncoderMismatch when the vectors were made with another encoder than the one beside them."""
        self.directory, self.entry, self.name = directory, entry, entry.name
        with self._naming_the_setting():
            told = describe(directory / ENCODER)
        #: The name or folder by which the settings had the encoder.
        self.encoder_name = entry.encoder_name or told.get("name")
        if told["fingerprint"] != entry.encoder:
            raise EncoderMismatch(
                f"{directory / ENCODER}: this is not the encoder the vectors were made with. Reindex, or roll back."
                f"{entry.wanted_by}"
            )
        self.units = EmbeddedTexts.load(directory)
        self.sections = SectionTable.load(directory)
        self.facts = DocumentTable.load(directory)
        self.vectors = VectorIndex(directory)
        self.lexical = Bm25Index(directory)
        self.topics = Topics.load(directory)
        self.wordings = Wordings.load(directory)
        self.fusion = FusionWeights.load(directory)
        self.calibration = load_calibration(directory)
        has_foreign = (directory / FOREIGN).is_dir()
        #: How to weigh and judge questions in languages that no document is in; None where that was not learned.
        self.foreign = (
            (FusionWeights.load(directory / FOREIGN), load_calibration(directory / FOREIGN)) if has_foreign else None
        )

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder the vectors were made with; EncoderUnavailable, EncoderDamaged say what is missing."""
        with self._naming_the_setting():
            return open_encoder(self.directory / ENCODER)

    @property
    def account(self) -> str:
        """A sentence on the encoder: its name, how its numbers are kept, and why."""
        return account(self.directory / ENCODER)

    def serves(self, language: str) -> bool:
        """True when questions in a language are its to answer."""
        return self.entry.languages is None or language in self.entry.languages

    @contextmanager
    def _naming_the_setting(self) -> Iterator[None]:
        try:
            yield
        except EncoderDamaged as error:
            raise EncoderDamaged(f"{error}{self.entry.wanted_by}") from error

    @property
    def pages(self) -> PageReport | None:
        """Report on what its pages' own words find of them; None in a snapshot of an earlier release."""
        return PageReport.load(self.directory)

    @property
    def embedded(self) -> tuple[Keys, NDArray[np.float16]]:
        """Keys and vectors of its texts."""
        return np.load(self.directory / KEYS), self.vectors.canonical
