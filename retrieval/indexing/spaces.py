"""Building a space: which spaces a corpus needs, and what each of them embeds, writes and learns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from corpus import Document, Passage
from retrieval.arrays import Float16s
from retrieval.encoders.embedding_cache import KEYS, Embedded, embed_with_cache
from retrieval.encoders.encoder import Encoder
from retrieval.indexing.bm25_builder import write_bm25
from retrieval.indexing.page_examination import examine_pages
from retrieval.indexing.synthetic_questions import TrainingCorpus
from retrieval.indexing.topic_mining import find_topics, without_topics
from retrieval.indexing.training import CustomerQuestions, TrainingReport, train
from retrieval.indexing.vector_builder import write_vectors
from retrieval.snapshot.bm25 import Bm25Index
from retrieval.snapshot.document_table import DocumentTable
from retrieval.snapshot.embedded_texts import EmbeddedTexts, first_rows, lay_out_whole, list_texts, searched_texts
from retrieval.snapshot.section_table import SectionTable
from retrieval.snapshot.snapshot import Snapshot, space_directory
from retrieval.snapshot.space import ENCODER, FOREIGN, MAIN, SpaceManifest
from retrieval.snapshot.topics import Topics
from retrieval.snapshot.wordings import Wordings

#: The languages that the first encoder reads.
FIRST_LANGUAGES = ("en",)
#: What the space of all languages is called, where it is not the only one.
ALL_LANGUAGES = "languages"
#: A corpus in English alone is embedded for other languages too where it has so many documents at most: a few minutes.
SMALL = 400


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A space that is to be: its encoder, the languages it serves (None: all), and the documents it has, by number."""

    name: str
    languages: tuple[str, ...] | None
    encoder: Encoder
    documents: tuple[int, ...]
    #: Whether documents and questions of many languages meet in it.
    is_mixed: bool


@dataclass(frozen=True, kw_only=True)
class Built:
    """A space that was written."""

    entry: SpaceManifest
    learned: TrainingReport
    carried: int
    #: What was embedded, until the snapshot is in use.
    scratch: Path


def wants_languages(documents: Sequence[Document]) -> bool:
    """True when a corpus should be found in other languages than English without being told to.

    A document in another language makes it so, or a corpus so small that it costs little.
    """
    return len(documents) <= SMALL or any(not _is_first(document) for document in documents)


def plan_spaces(documents: Sequence[Document], encoder: Encoder, multilingual: Encoder | None) -> list[Plan]:
    """The spaces of a corpus, the main one first.

    With an encoder for all languages, the first one has what it reads, so that nothing in other languages is in its
    way; the other has all. Without, the first has all, and serves the languages that there are documents in. Where
    both are the same encoder, there is one space, of all languages.
    """
    everything = tuple(range(len(documents)))
    if multilingual is not None and multilingual.fingerprint == encoder.fingerprint:
        return [Plan(name=MAIN, languages=None, encoder=encoder, documents=everything, is_mixed=True)]
    if multilingual is None:
        codes = {document.language for document in documents}
        known = sorted({*FIRST_LANGUAGES, *filter(None, codes)})
        languages = None if None in codes else tuple(known)
        return [Plan(name=MAIN, languages=languages, encoder=encoder, documents=everything, is_mixed=False)]
    read = tuple(number for number, document in enumerate(documents) if _is_first(document))
    first = Plan(name=MAIN, languages=FIRST_LANGUAGES, encoder=encoder, documents=read, is_mixed=False)
    name = ALL_LANGUAGES if read else MAIN
    every = Plan(name=name, languages=None, encoder=multilingual, documents=everything, is_mixed=True)
    return [first, every] if read else [every]


def _is_first(document: Document) -> bool:
    return document.language is None or document.language in FIRST_LANGUAGES


def build_space(
    plan: Plan,
    passages: Sequence[Sequence[Passage]],
    aside: Path,
    *,
    before: Snapshot | None,
    index: Path,
    today: date,
    asked: CustomerQuestions | None,
    progress: Callable[[int, int], None] | None,
) -> Built:
    """Write a space of a snapshot that is being built; `passages` are those of all documents."""
    directory = space_directory(aside, plan.name)
    directory.mkdir(parents=True, exist_ok=True)
    known = before.space_of(plan.encoder.fingerprint) if before else None
    rows = first_rows(passages)
    members = [passages[number] for number in plan.documents]
    facts = DocumentTable.of([each[0].document for each in members])
    first = [rows[number] for number in plan.documents]
    units, texts = lay_out_whole(members, facts.title.tolist(), first) if plan.is_mixed else list_texts(members, first)
    scratch = index / f".embedded-{plan.encoder.fingerprint[:16]}"
    embedded = embed_with_cache(
        texts, plan.encoder, known=known.embedded if known else None, scratch=scratch, progress=progress
    )
    vectors = write_vectors(embedded.vectors, directory, before=known.vectors if known else None, fresh=embedded.fresh)
    corpus = write_search_files(
        directory,
        members,
        rows=first,
        facts=facts,
        units=units,
        texts=texts,
        vectors=embedded.vectors,
        is_mixed=plan.is_mixed,
    )
    foreign = directory / FOREIGN if plan.is_mixed else None
    if foreign:
        foreign.mkdir()
    learned = train(corpus, plan.encoder, directory, today=today, asked=asked, foreign=foreign)
    _examine(plan, corpus, learned, directory)
    _write_encoder(plan.encoder, embedded, directory)
    entry = SpaceManifest(
        name=plan.name,
        languages=plan.languages,
        encoder=plan.encoder.fingerprint,
        index=vectors.kind,
        probes=vectors.probes,
        recall=vectors.recall,
        centres=before.version if before and vectors.is_carried else None,
        documents=len(members),
        units=len(texts),
        is_mixed=plan.is_mixed,
        encoder_name=plan.encoder.name,
    )
    return Built(entry=entry, learned=learned, carried=embedded.carried, scratch=scratch)


def _examine(plan: Plan, corpus: TrainingCorpus, learned: TrainingReport, directory: Path) -> None:
    """Write what a space's own words find of the pages that no better space has."""
    served = [
        number for number, each in enumerate(corpus.documents) if not (plan.is_mixed and _is_first(each[0].document))
    ]
    report = examine_pages(
        corpus,
        plan.encoder,
        Topics.load(directory),
        learned.fusion,
        serves=served,
        reads=None if plan.is_mixed else FIRST_LANGUAGES,
    )
    report.save(directory)


def write_search_files(
    directory: Path,
    documents: Sequence[Sequence[Passage]],
    *,
    rows: Sequence[int] | None = None,
    facts: DocumentTable,
    units: EmbeddedTexts,
    texts: Sequence[str],
    vectors: Float16s,
    is_mixed: bool = False,
) -> TrainingCorpus:
    """Write what is searched beside the vectors, and find what there is to learn from."""
    facts.save(directory)
    units.save(directory)
    Wordings.of(documents).save(directory)
    write_bm25(((each[0].document.language, searched_texts(each)) for each in documents), directory, in_pieces=is_mixed)
    lexical = Bm25Index(directory)
    SectionTable.of(documents, rows or first_rows(documents), lexical).save(directory)
    return TrainingCorpus(
        documents=documents,
        facts=facts,
        units=units,
        texts=texts,
        vectors=vectors,
        lexical=lexical,
        examples=without_topics(len(documents)) if is_mixed else find_topics(documents, units),
        is_mixed=is_mixed,
    )


def _write_encoder(encoder: Encoder, embedded: Embedded, directory: Path) -> None:
    np.save(directory / KEYS, embedded.keys)
    (directory / ENCODER).mkdir()
    encoder.save(directory / ENCODER)
