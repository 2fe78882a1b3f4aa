"""The errors of channels.

ChannelError
├── UnknownChannel      a name in the settings that no installed channel has
├── BadSettings         a setting of a channel is missing or wrong
├── MessageRefused      what a customer sent cannot be taken (too long, empty): the customer is told
├── NotStored           what came in could not be stored now; the platform is asked to send it again
└── DeliveryFailed      a message could not be delivered
    ├── TemporaryFailure    worth another try, after `retry_after` seconds when the platform says so
    └── PermanentFailure    never will: blocked, gone, not permitted
"""


class ChannelError(Exception):
    """Something went wrong on a channel."""


class UnknownChannel(ChannelError):
    """No installed channel has this name."""


class BadSettings(ChannelError):
    """A setting of a channel is missing or wrong."""


class MessageRefused(ChannelError):
    """A message that cannot be taken; the text says why, in words for the customer."""


class NotStored(ChannelError):
    """An inbound event could not be stored now: it must not be acknowledged, so that it is sent again."""


class DeliveryFailed(ChannelError):
    """A message could not be delivered."""


class TemporaryFailure(DeliveryFailed):
    """Worth another try."""

    def __init__(self, reason: str, *, retry_after: float | None = None, everywhere: bool = False) -> None:
        """After `retry_after` seconds, if the platform says so; `everywhere` when it says it of all we send there."""
        super().__init__(reason)
        self.retry_after = retry_after
        self.everywhere = everywhere


class PermanentFailure(DeliveryFailed):
    """Another try will not help: the customer blocked us, the chat is gone, or we may not write there."""
