"""Labelled questions that the maintainer gives: each becomes a known phrasing of the documents that answer it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from corpus import Document
from retrieval.errors import MalformedQuestions
from retrieval.indexing.training import CustomerQuestions
from retrieval.questions import Question

#: Of many right documents, the first few are taught; a question that two dozen answer is about none of them.
MOST_TAUGHT = 3


def add_phrasings(documents: Sequence[Document], questions: Sequence[Question]) -> list[Document]:
    """The documents, with the questions that they answer among their known phrasings.

    MalformedQuestions names an expected document that does not exist. What nothing answers teaches no phrasing.
    """
    known = {document.id for document in documents}
    phrasings: dict[str, list[str]] = defaultdict(list)
    for question in questions:
        if missing := set(question.expected) - known:
            raise MalformedQuestions(
                f"The question {question.id!r} expects {min(missing)!r}, which no document is. Mend the question file."
            )
        for document in question.expected[:MOST_TAUGHT] if question.question.strip() else ():
            phrasings[document].append(question.question)
    return [
        replace(document, questions=tuple(dict.fromkeys((*document.questions, *phrasings[document.id]))))
        if document.id in phrasings
        else document
        for document in documents
    ]


def customer_questions(questions: Sequence[Question]) -> CustomerQuestions:
    """Customers' questions for the build to learn from how sure to be: answered ones and ones that nothing answers."""
    return CustomerQuestions(
        answered=frozenset(
            question.question for question in questions if question.expected and question.question.strip()
        ),
        unanswered=[question.question for question in questions if not question.expected and question.question.strip()],
    )
