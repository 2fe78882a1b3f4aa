"""What is measured on: a corpus that is made, as large as wanted, or files that are given; and questions for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document
from corpus.reader import read_corpus
from retrieval.questions import Question, read_questions
from tests.benchmarks.vocabulary import FUNCTION, vocabulary

#: One document in so many is a help article; the others are forum answers that cite one.
_ARTICLE_EVERY = 10
#: Documents to a subject, and words that belong to one.
_DOCUMENTS_PER_SUBJECT, _WORDS_PER_SUBJECT = 50, 40
#: Words that a document comes back to, and words of its text, at least and at most: those that are made are long, and
#: so many have the characters of 100 to 150 words of English, as help articles and forum answers do.
_FOCUS, _SHORTEST, _LONGEST = 8, 90, 132
#: Words of a question that is short and of one that is too long to be searched in one view, and how many are long.
_SHORT, _LONG, _LONG_EVERY = (7, 16), (90, 160), 5
#: The first words of the vocabulary tell nothing apart.
_TELLING = 10
#: Words of a sentence.
_SENTENCE = (7, 15)
#: Where a content word is from: what the document comes back to, its subject, or the whole vocabulary.
_SOURCES = (0.35, 0.35, 0.3)

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Material:
    """Documents and questions; a question's `expected` names the document that it was made from, if it was."""

    documents: Sequence[Document]
    questions: Sequence[Question]


def read_material(corpus: Path, questions: Path) -> Material:
    """The documents of a corpus file, forum file or folder, and a question file's questions."""
    documents = read_corpus([corpus], today=date.today(), notice=lambda _: None)  # noqa: DTZ011  # a day, for ages
    return Material(documents=documents, questions=read_questions(questions))


def made_material(passages: int, *, questions: int, seed: int = 1) -> Material:
    """A corpus of so many documents of one passage each, and questions about some of them; the same for a seed.

    Words are distributed by Zipf's law. Documents have a subject, some fifty of them the same, and words that they
    come back to; titles and questions are made of these. One in ten is an article, the others answers that cite one.
    """
    made = _Maker(passages, seed)
    documents = [made.document(number) for number in range(passages)]
    asked = np.random.default_rng([seed, 1]).choice(passages, min(questions, passages), replace=False).tolist()
    return Material(
        documents=documents,
        questions=[made.question(number, is_long=place % _LONG_EVERY == 0) for place, number in enumerate(asked)],
    )


class _Maker:
    """Makes documents by their number; subjects are shared among those of one corpus."""

    def __init__(self, documents: int, seed: int) -> None:
        self._seed = seed
        self._words = np.array(vocabulary())
        self._function = np.array(FUNCTION)
        self._common = _zipf(len(self._words))
        self._function_common = _zipf(len(self._function))
        self._focus_common = _zipf(_FOCUS)
        self._subject_common = _zipf(_WORDS_PER_SUBJECT)
        self._articles = max(1, documents // _ARTICLE_EVERY)
        random = np.random.default_rng([seed, 0])
        subjects = max(8, documents // _DOCUMENTS_PER_SUBJECT)
        self._subjects = self._telling(random, (subjects, _WORDS_PER_SUBJECT))

    def document(self, number: int) -> Document:
        random = np.random.default_rng([self._seed, 2, number])
        subject, focus = self._about(random)
        title = self._title(focus)
        length = int(random.integers(_SHORTEST, _LONGEST))
        text = " ".join(_sentences(self._prose(random, subject, focus, length), random))
        if number % _ARTICLE_EVERY == 0:
            return Document(
                id=f"article-{number}", title=title, text=text, url=f"https://help.example/{number}", language="en"
            )
        cited = int(random.integers(self._articles)) * _ARTICLE_EVERY
        return Document(
            id=f"answer-{number}",
            title=f"{title}?",
            text=f"{text}\n\nSee [the article](https://help.example/{cited}).",
            kind="answer",
            url=f"https://forum.example/{number}",
            language="en",
            authority=0.5,
        )

    def question(self, number: int, *, is_long: bool) -> Question:
        """A customer's question about a document: words that it comes back to, among others."""
        subject, focus = self._about(np.random.default_rng([self._seed, 2, number]))
        random = np.random.default_rng([self._seed, 3, number])
        words = self._prose(random, subject, focus, int(random.integers(*(_LONG if is_long else _SHORT))))
        return Question(
            id=str(number),
            question=" ".join(_sentences(words, random) if is_long else words),
            expected=(f"{'answer' if number % _ARTICLE_EVERY else 'article'}-{number}",),
            language="en",
        )

    def _about(self, random: np.random.Generator) -> tuple[Ints, Ints]:
        """The words of a document's subject, and those that it comes back to: half of them the subject's."""
        subject = self._subjects[random.integers(len(self._subjects))]
        half = _FOCUS // 2
        own = self._telling(random, (_FOCUS - half,))
        return subject, np.concatenate([random.choice(subject, half, replace=False), own])

    def _telling(self, random: np.random.Generator, shape: tuple[int, ...]) -> Ints:
        """Words that tell texts apart: without the most common, and of the others as many rare as common ones."""
        least, most = np.log([_TELLING, len(self._words)])
        return np.exp(random.uniform(least, most, shape)).astype(np.int64)

    def _title(self, focus: Ints) -> str:
        first, second, third, fourth = self._words[focus[[0, 4, 1, 5]]].tolist()
        return f"{first.capitalize()} {second} and the {third} {fourth}"

    def _prose(self, random: np.random.Generator, subject: Ints, focus: Ints, length: int) -> list[str]:
        """Words in turn without and with content."""
        content = length - length // 2
        chance = random.random((2, content))
        numbers = np.searchsorted(self._common, chance[0])
        source = np.searchsorted(np.cumsum(_SOURCES), chance[1])
        numbers = np.where(source == 0, focus[np.searchsorted(self._focus_common, chance[0])], numbers)
        numbers = np.where(source == 1, subject[np.searchsorted(self._subject_common, chance[0])], numbers)
        words = np.empty(length, dtype=object)
        words[0::2] = self._words[numbers]
        words[1::2] = self._function[np.searchsorted(self._function_common, random.random(length // 2))]
        return list(words)


def _zipf(count: int) -> NDArray[np.float64]:
    """The share of a text's words that the most common ones have together, by Zipf's law; the last is 1."""
    shares = np.cumsum(1 / np.arange(2, count + 2))
    return np.asarray(shares / shares[-1])


def _sentences(words: Sequence[str], random: np.random.Generator) -> Iterator[str]:
    start = 0
    while start < len(words):
        end = start + int(random.integers(*_SENTENCE))
        yield f"{' '.join(words[start:end]).capitalize()}."
        start = end
