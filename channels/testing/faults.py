from dataclasses import dataclass
from typing import Literal

FateName = Literal["too many", "broken", "silent", "unauthorized", "blocked", "conflict"]


@dataclass(frozen=True, kw_only=True)
class Fate:
    """A platform's treatment of one message, instead of delivering it.

    - too many: 429, and to come again after `retry_after` seconds
    - broken: a 5xx
    - silent: delivered, and never answered
    - unauthorized: 401, the token is wrong
    - blocked: 403 or the platform's word for it, the customer does not want to hear from us
    - conflict: 409, somebody else reads with the same token
    """

    name: FateName
    retry_after: float = 0.0
