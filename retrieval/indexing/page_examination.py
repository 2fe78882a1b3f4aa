"""Examines the pages of a space at indexing: can each be found by its own words, and what stands in the way."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from corpus import Passage
from retrieval.encoders.encoder import Encoder
from retrieval.indexing.holdout import run_labelled
from retrieval.indexing.synthetic_questions import TrainingCorpus
from retrieval.scoring.fusion import FusionWeights
from retrieval.scoring.ranking import rank
from retrieval.snapshot.document_table import unique_titles
from retrieval.snapshot.page_report import AMONG, EXAMPLES, FindingKind, PageFinding, PageReport
from retrieval.snapshot.topics import Topics
from retrieval.tokenizer import words

#: Pages that are examined, of many a sample of this size.
MOST: Final = 400
#: Words of a text below which a page says next to nothing; letters, in languages that write without spaces.
_LITTLE, _LITTLE_LETTERS = 8, 20
#: The words of a sentence that are asked, and the fewest of one that is.
_ASKED, _FEWEST = 20, 5
#: A page whose text holds this share of another's words says the same.
_SAME: Final = 0.9
#: As many other pages must hold more of a title's words than its own text, by this share of them.
_RIVALS, _MORE = 5, 0.1
#: A title of more words says enough, such as a question.
_VAGUE_WORDS: Final = 5
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s*|\n+")
_LINK_TARGET = re.compile(r"\]\([^)]*\)|https?://\S+")
_MARKS = re.compile(r"[*_`#>|\[\]!~]+")


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A page asked for by its own sentence: its place among what was found, -1 for none; pages that say the same."""

    place: int
    alike: tuple[int, ...]


def examine_pages(
    corpus: TrainingCorpus,
    encoder: Encoder,
    topics: Topics,
    fusion: FusionWeights,
    *,
    serves: Collection[int],
    reads: Collection[str] | None,
    seed: int = 0,
) -> PageReport:
    """Ask for pages by their own words, as a customer's question is asked, and count what stands in their way.

    serves: numbers of the documents that are found here and in no better space; at most MOST of them are examined.
    reads: the languages the encoder reads, None for all.
    """
    wanted = np.array(sorted(serves), dtype=np.int64)
    chosen = np.sort(np.random.default_rng(seed).permutation(wanted)[:MOST]).tolist()
    sentences = {number: said for number in chosen if (said := own_sentence(corpus, number))}
    asked = _ask(corpus, encoder, topics, fusion, sentences)
    titles = [passages[0].document.title for passages in corpus.documents]
    own = unique_titles(titles, corpus.facts.title.tolist())
    tests: dict[FindingKind, Callable[[int], bool]] = {
        "no_text": lambda number: not _is_phrased(corpus, number) and _says_little(corpus.documents[number]),
        "same_title": lambda number: _is_page(corpus, number) and bool(titles[number].strip()) and number not in own,
        "no_title": lambda number: not titles[number].strip(),
        "vague_title": lambda number: _is_page(corpus, number) and _is_vague(corpus, number, own),
        "near_duplicate": lambda number: number in asked and bool(asked[number].alike),
        "unread_language": lambda number: not _is_read(corpus, number, reads),
        "not_found": lambda number: number in asked and not 0 <= asked[number].place < AMONG,
    }
    found_first = {number for number, each in asked.items() if each.place == 0}
    return PageReport(
        pages=len(wanted),
        examined=len(chosen),
        asked=len(asked),
        first=len(found_first),
        among=sum(0 <= each.place < AMONG for each in asked.values()),
        phrased=sum(_is_phrased(corpus, number) for number in chosen),
        findings=tuple(
            _finding(kind, [number for number in chosen if test(number)], asked, found_first, corpus)
            for kind, test in tests.items()
        ),
    )


def own_sentence(corpus: TrainingCorpus, number: int) -> str | None:
    """The sentence of a page whose words are rarest in the corpus, without Markdown; None where it has none."""
    texts = (_LINK_TARGET.sub(" ", passage.text) for passage in corpus.documents[number])
    pieces = (" ".join(_MARKS.sub(" ", piece).split()) for text in texts for piece in _SENTENCE_END.split(text))
    said = [piece for piece in pieces if len(words(piece)) >= _FEWEST or _is_dense(piece)]
    language = corpus.documents[number][0].document.language

    def rarity(piece: str) -> float:
        terms = corpus.lexical.terms(piece, language)
        return terms.total / max(1, len(terms.weights))

    return " ".join(max(said, key=rarity).split()[:_ASKED]) if said else None


def _ask(
    corpus: TrainingCorpus,
    encoder: Encoder,
    topics: Topics,
    fusion: FusionWeights,
    sentences: Mapping[int, str],
) -> dict[int, _Asked]:
    """Each of these pages as its sentence finds it, by its number."""
    if not sentences:
        return {}
    texts, numbers = list(sentences.values()), list(sentences)
    found = run_labelled(corpus, texts, encoder.encode_questions(texts), [[number] for number in numbers], topics)
    asked = {}
    for row, (number, sentence) in enumerate(sentences.items()):
        scores = fusion.score(found.found.at(np.array([row])))[0]
        order = rank(scores, found.authority[row], found.same[row], ahead=found.ahead)
        right = np.flatnonzero(found.right[row, order])
        near = np.argsort(-scores)[: AMONG + 1]
        others = found.found.documents[row, near[~found.right[row, near]]].tolist()
        asked[number] = _Asked(
            place=int(right[0]) if len(right) else -1,
            alike=tuple(other for other in others if _holds(corpus.documents[other], sentence)),
        )
    return asked


def _holds(passages: Sequence[Passage], sentence: str) -> bool:
    """True when a page's text holds nearly all words of a sentence."""
    wanted = set(words(sentence))
    held = set(words(" ".join(passage.text for passage in passages)))
    return len(wanted & held) >= _SAME * len(wanted)


def _finding(
    kind: FindingKind,
    numbers: Sequence[int],
    asked: Mapping[int, _Asked],
    first: Collection[int],
    corpus: TrainingCorpus,
) -> PageFinding:
    worst = sorted(numbers, key=lambda number: (number in first, number not in asked))
    return PageFinding(
        kind=kind,
        pages=len(numbers),
        not_first=sum(number not in first and (number in asked or kind == "no_text") for number in numbers),
        examples=tuple(corpus.documents[number][0].document.id for number in worst[:EXAMPLES]),
    )


def _is_page(corpus: TrainingCorpus, number: int) -> bool:
    return corpus.documents[number][0].document.kind != "answer"


def _is_phrased(corpus: TrainingCorpus, number: int) -> bool:
    return bool(corpus.documents[number][0].document.questions)


def _is_dense(text: str) -> bool:
    """True for a text in a script that is written without spaces, if it is long enough to say something."""
    return len(text) >= _LITTLE_LETTERS and len(text.split()) * 12 <= len(text) and not text.isascii()


def _says_little(passages: Sequence[Passage]) -> bool:
    text = " ".join(_MARKS.sub(" ", _LINK_TARGET.sub(" ", passage.text)) for passage in passages)
    return len(words(text)) < _LITTLE and not _is_dense(" ".join(text.split()))


def _is_vague(corpus: TrainingCorpus, number: int, own: Collection[int]) -> bool:
    """True when several other pages hold more of a title's words than the text that stands below it.

    No title, and one that is not a page's `own`, are other findings.
    """
    passages = corpus.documents[number]
    document = passages[0].document
    if number not in own or _says_little(passages) or len(document.title.split()) > _VAGUE_WORDS:
        return False
    terms = corpus.lexical.terms(document.title, document.language)
    held = max(corpus.lexical.score_text(terms, passage.text, document.language) for passage in passages)
    others = corpus.lexical.all_scores(terms)[corpus.facts.title != corpus.facts.title[number]]
    return int((others > held + _MORE).sum()) >= _RIVALS


def _is_read(corpus: TrainingCorpus, number: int, reads: Collection[str] | None) -> bool:
    language = corpus.documents[number][0].document.language
    return reads is None or language is None or language in reads
