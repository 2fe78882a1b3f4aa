"""Errors of the application.

BotError
├── BadConfiguration      a setting is missing or wrong; the message names it
├── StoreUnavailable      the database is locked, full or away
├── NoSuchCase            no escalation (or message) has this number
├── NoSuchCustomer        nobody of this name has written on this channel, or they are erased
├── NoSuchAgent           nobody who may sign in has this e-mail
├── AlreadyClaimed        another agent holds the case
├── NotOwner              the case is not held by the agent who wants to act on it
├── InvalidState          the case is in a state in which this cannot be done
│   └── Unanswered        the customer's last message would stay without an answer: it must be confirmed
└── SignInFailed          an agent could not sign in, or an invitation cannot be used
    ├── WrongPassword
    ├── InvitationInvalid
    ├── EmailTaken
    └── WeakPassword
"""


class BotError(Exception):
    """Something went wrong that a person can do something about; the message says what."""


class BadConfiguration(BotError):
    """A setting is missing or wrong."""


class StoreUnavailable(BotError):
    """The database is locked, full or away; what was to be written was not."""


class NoSuchCase(BotError):
    """No escalation, message or receipt has this number."""


class NoSuchCustomer(BotError):
    """Nobody of this name has written on this channel, or they are erased already."""


class NoSuchAgent(BotError):
    """Nobody who may sign in has this e-mail."""


class AlreadyClaimed(BotError):
    """Another agent holds the case."""

    def __init__(self, agent_name: str) -> None:
        super().__init__(f"{agent_name} has already claimed this.")
        self.agent_name = agent_name


class NotOwner(BotError):
    """The case is not held by the agent who wants to act on it."""


class InvalidState(BotError):
    """The case or the decision is in a state in which this cannot be done."""


class Unanswered(InvalidState):
    """The customer's last message would stay without an answer; the agent must confirm that."""


class SignInFailed(BotError):
    """An agent could not sign in, or an invitation cannot be used."""


class WrongPassword(SignInFailed):
    """E-mail and password do not belong together."""


class InvitationInvalid(SignInFailed):
    """The invitation is unknown, used or expired."""


class EmailTaken(SignInFailed):
    """An agent with this e-mail exists."""


class WeakPassword(SignInFailed):
    """The password is too short."""
