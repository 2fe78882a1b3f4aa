"""Pages that do what a customer does not want: "please don't cancel my order" is not answered with how to cancel it."""

from bot.conversation.interpretation import QueryResult
from bot.conversation.text.negation import is_about
from retrieval import Candidate


def does_unwanted(asked: QueryResult) -> bool:
    """True when a question is a refusal and nothing else, or the first page for it does what is not to be done.

    A question that is word for word a page's title is about that page, whatever it says.
    """
    if not asked.query.unwanted or asked.result.same_words:
        return False
    return asked.query.is_refusal or (bool(asked.result.candidates) and is_unwanted(asked.result.candidates[0], asked))


def is_unwanted(page: Candidate, asked: QueryResult) -> bool:
    """True when a page may do what is not to be done: it is about that, or in a language whose words tell nothing."""
    if page.language is not None and asked.result.language not in {None, page.language}:
        return True
    return any(is_about(page.title, clause) for clause in asked.query.unwanted)
