import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from channels.slack.client import SDK_ERRORS

log = structlog.get_logger()

#: How long the first message of somebody waits for their name: Slack's event is to be acknowledged soon.
PATIENCE = 0.2
_REMEMBERED = 5000
_FRESH = 3600.0
#: Who could not be looked up is asked for again after this many seconds.
_AGAIN = 60.0


@dataclass(frozen=True, kw_only=True)
class Person:
    """A user's name and locale, as far as Slack tells them."""

    name: str | None = None
    locale: str | None = None


class UserCache:
    """Users by their ids, looked up once an hour; never waited for long."""

    def __init__(self, client: AsyncWebClient, now: Callable[[], float]) -> None:
        self._client = client
        self._now = now
        self._known: OrderedDict[str, tuple[float, asyncio.Task[Person]]] = OrderedDict()

    async def who(self, user: str) -> Person:
        """Name and locale as far as they are known within `PATIENCE`; the answer of a slow call serves the next."""
        asked = self._known.get(user)
        if asked is None or self._now() - asked[0] > _FRESH or asked[1].cancelled():
            asked = (self._now(), asyncio.create_task(self._ask(user)))
            self._known[user] = asked
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        done, _ = await asyncio.wait({asked[1]}, timeout=PATIENCE)
        return asked[1].result() if done and not asked[1].cancelled() else Person()

    async def _ask(self, user: str) -> Person:
        try:
            answer = await self._client.users_info(user=user, include_locale=True)
        except SDK_ERRORS as error:
            log.info("slack_person_unknown", error=repr(error)[:200])
            if user in self._known:
                self._known[user] = (self._now() - _FRESH + _AGAIN, self._known[user][1])
            return Person()
        told = answer.get("user") or {}
        profile = told.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or told.get("real_name") or told.get("name")
        return Person(name=name or None, locale=told.get("locale") or None)
