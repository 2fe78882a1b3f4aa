"""A messaging platform that does to a bot what platforms do: it duplicates, delays, reorders and re-ids events, and
answers deliveries with 429, 5xx and silence after delivering. All by a seed.
"""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.chaos.channel import PATIENCE

#: Shares of deliveries that are refused for now, fail, or are made and not answered.
TOO_MANY, BROKEN, SILENT = 0.05, 0.05, 0.02
#: Shares of events that come twice, and of those the share that comes under another event id.
TWICE, ANOTHER_ID = 0.15, 0.5


@dataclass
class Platform:
    """What it has delivered to its customers, and how it treats who sends."""

    seed: int
    #: Whether the same key is delivered once only, as platforms with idempotency keys do.
    is_idempotent: bool = True
    #: Per address, the keys in the order of their delivery.
    delivered: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    #: Keys that were delivered and not answered for.
    unanswered: set[int] = field(default_factory=set)
    told: Counter[str] = field(default_factory=Counter)
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """Seed what happens."""
        self._chance = random.Random(self.seed)  # chaos, no secret

    def application(self) -> Starlette:
        """Its side that bots talk to."""
        return Starlette(routes=[Route("/send", self._send, methods=["POST"])])

    async def _send(self, request: Request) -> Response:
        body = await request.json()
        fate = self._chance.random()
        if fate < TOO_MANY:
            self.told["too many"] += 1
            wait = f"{self._chance.uniform(0.05, 0.3):.2f}"
            return JSONResponse({}, status_code=429, headers={"Retry-After": wait})
        if fate < TOO_MANY + BROKEN:
            self.told["broken"] += 1
            return JSONResponse({}, status_code=self._chance.choice((500, 502, 503)))
        key = int(body["key"])
        if not (self.is_idempotent and key in self.delivered[body["address"]]):
            self.delivered[body["address"]].append(key)
        if fate < TOO_MANY + BROKEN + SILENT:
            self.told["silent"] += 1
            self.unanswered.add(key)
            await asyncio.sleep(PATIENCE + 0.2)
        return JSONResponse({"id": f"p{key}"})


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message of a customer."""

    address: str
    message: str
    text: str


async def deliver(said: Sequence[Said], url: Callable[[], str], *, seed: int, pace: float) -> None:
    """Deliver the messages of one customer, in order but for some that overtake, each until it is acknowledged.

    `url` says where the bot listens now; `pace` is the mean time between two messages, in seconds.
    """
    chance = random.Random(seed)  # chaos, no secret
    waiting: list[asyncio.Task[None]] = []
    async with httpx.AsyncClient(timeout=5) as client:
        for each in said:
            await asyncio.sleep(chance.expovariate(1 / pace))
            events = [each.message] + ([each.message] if chance.random() < TWICE else [])
            for number, event in enumerate(events):
                name = f"{event}/again" if number and chance.random() < ANOTHER_ID else event
                late = chance.random() * (2 if number else 0.05)
                waiting.append(asyncio.create_task(_until_acknowledged(client, url, each, name, late)))
        await asyncio.gather(*waiting)


async def _until_acknowledged(
    client: httpx.AsyncClient, url: Callable[[], str], said: Said, event: str, late: float
) -> None:
    await asyncio.sleep(late)
    body = {"event": event, "message": said.message, "address": said.address, "text": said.text}
    pause = 0.1
    while True:
        try:
            answer = await client.post(f"{url()}/webhooks/scripted", json=body)
            if answer.status_code == 200:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(pause)
        pause = min(2.0, pause * 1.5)
