"""Which of the bot's lines each delivered message is, so that what came twice or out of order can be told."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from channels.testing import Delivered
from tests.chaos.process import Break

#: Seconds between the delivery of a message and the end of the transaction that notes it, at most.
NOTED_WITHIN = 3.0
#: And from the end of a bot to the delivery of what it had sent just before, on its way or in the platform's line.
ARRIVES_WITHIN = 0.5

Part = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What the outbox says of a line that was sent."""

    line: int
    address: str
    platform_id: str
    attempts: int


@dataclass(kw_only=True)
class Heard:
    """The deliveries of a platform, by conversation and line."""

    #: The parts of lines in each conversation, in the order of their deliveries.
    parts: defaultdict[str, list[Part]] = field(default_factory=lambda: defaultdict(list))
    each: defaultdict[Part, list[Delivered]] = field(default_factory=lambda: defaultdict(list))
    #: Deliveries that are none of the lines that were sent.
    unknown: int = 0

    @property
    def twice(self) -> Sequence[Part]:
        """What was delivered more than once, as often as it was too often."""
        return [part for part, made in self.each.items() for _ in made[1:]]

    @property
    def out_of_order(self) -> int:
        """How many first deliveries came after one of a later line of the same conversation."""
        first = [list(dict.fromkeys(parts)) for parts in self.parts.values()]
        return sum(part < before for parts in first for before, part in pairwise(parts))

    def after_silence(self) -> list[Part]:
        """What was delivered again because the platform had not answered."""
        return [part for part, made in self.each.items() for one in made[:-1] if not one.is_answered]

    def after_break(self, breaks: Sequence[Break], sent: Mapping[int, Sent]) -> list[Part]:
        """What was answered and delivered again, because the bot broke, or its database, before it was noted.

        The outbox must tell of another try.
        """
        return [
            part
            for part, made in self.each.items()
            for one in made[:-1]
            if one.is_answered and part[0] in sent and sent[part[0]].attempts > 1
            if any(_hit(each, one) for each in breaks)
        ]


def heard(delivered: Iterable[Delivered], sent: Sequence[Sent]) -> Heard:
    """Name each delivery's line.

    Where the platform carries our ids, by these. Else by the platform's id of the message, which the outbox holds of
    the delivery that was noted; one that no row names is an earlier delivery of the next message of the same words in
    its conversation, or one that nobody sent. Answers have words of their own in a conversation, since no customer asks
    the same twice.
    """
    lines = {(row.address, row.platform_id): (row.line, 0) for row in sent}
    result = Heard()
    coming: dict[tuple[str, str], Part] = {}
    named: list[tuple[Delivered, Part | None]] = []
    for one in reversed(list(delivered)):
        part = one.key or lines.get((one.address, one.id)) or coming.get((one.address, one.text))
        if part is not None:
            coming[one.address, one.text] = part
        named.append((one, part))
    for one, part in reversed(named):
        if part is None:
            result.unknown += 1
        else:
            result.parts[one.address].append(part)
            result.each[part].append(one)
    return result


def count_beyond(excused: Iterable[Part], twice: Iterable[Part]) -> int:
    """How many deliveries too many there were without an excuse."""
    return sum((Counter(twice) - Counter(excused)).values())


def _hit(each: Break, one: Delivered) -> bool:
    return each.began - NOTED_WITHIN <= one.at <= each.ended + ARRIVES_WITHIN
