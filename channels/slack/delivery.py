"""Posting to Slack, so that a message that is tried again is not said again.

Slack knows no idempotency key for chat.postMessage. So each message carries our id in its metadata, and two things are
remembered while a delivery is open: how many of its parts Slack confirmed, and whether one was sent without an answer.
Only in that case the conversation's last messages are looked through for our id before it is sent again. What is
remembered ends with the process, so they are looked through as well for what was tried before and is not remembered.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from channels.errors import TemporaryFailure
from channels.message import Outbound
from channels.slack.address import ConversationRef
from channels.slack.client import SDK_ERRORS, delivery_error, error_code, is_about_blocks, is_refused
from channels.slack.rendering import SlackPost, render

log = structlog.get_logger()

EVENT = "answerdesk_message"
#: Open deliveries remembered at most; the oldest is forgotten.
_MOST_OPEN = 1000
#: Slack's clock and ours may differ by this much, in seconds.
_SKEW = 120.0
#: Some apps may read 15 messages at a time. So many pages are more than a conversation grows by between two tries.
_PAGE = 15
_MOST_PAGES = 20


@dataclass
class _PendingDelivery:
    """A delivery that has begun and is not confirmed."""

    began: float
    #: The platform's ids of the parts that are confirmed.
    confirmed: list[str]
    is_unanswered: bool = False


class SlackDelivery:
    """Posts what is owed."""

    def __init__(self, client: AsyncWebClient, now: Callable[[], float]) -> None:
        self._client = client
        self._now = now
        self._open: OrderedDict[int, _PendingDelivery] = OrderedDict()

    async def deliver(self, message: Outbound) -> str:
        """Post the parts that are not confirmed yet, and return the id of the first; DeliveryFailed."""
        place = ConversationRef.at(message.address)
        posts = render(message)
        state = self._open.setdefault(message.id, _unknown(message, self._now()))
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)
        try:
            if state.is_unanswered:
                state.confirmed = await self._found(place, message.id, state, parts=len(posts))
                state.is_unanswered = False
            for part in range(len(state.confirmed), len(posts)):
                state.confirmed.append(await self._post(place, posts[part], _metadata(message.id, part), state))
        except SDK_ERRORS as error:
            raise delivery_error(error) from error
        del self._open[message.id]
        return f"{place.channel}/{state.confirmed[0]}"

    async def _post(
        self, place: ConversationRef, post: SlackPost, metadata: dict[str, Any], state: _PendingDelivery
    ) -> str:
        """Post one part and return its ts. Whatever ends this without an answer leaves the delivery unanswered."""
        state.is_unanswered = True
        try:
            answer = await self._call(place, post.text, post.blocks, metadata)
        except SlackApiError as error:
            state.is_unanswered = _may_have_been_made(error)
            if not is_about_blocks(error):
                raise
            log.warning("slack_blocks_refused", message=metadata["event_payload"]["id"], error=error_code(error))
            state.is_unanswered = True
            try:
                answer = await self._call(place, post.text, None, metadata)
            except SlackApiError as again:
                state.is_unanswered = _may_have_been_made(again)
                raise
        state.is_unanswered = False
        return str(answer["ts"])

    async def _call(
        self, place: ConversationRef, text: str, blocks: Sequence[Mapping[str, Any]] | None, metadata: dict[str, Any]
    ) -> Mapping[str, Any]:
        answer = await self._client.chat_postMessage(
            channel=place.channel,
            thread_ts=place.thread,
            text=text,
            blocks=[dict(block) for block in blocks] if blocks else None,
            metadata=metadata,
            unfurl_links=False,
            unfurl_media=False,
        )
        return {"ts": answer["ts"]}

    async def _found(
        self, place: ConversationRef, message_id: int, state: _PendingDelivery, *, parts: int
    ) -> list[str]:
        """The parts that are there, by their metadata; those that were confirmed, where we may not read."""
        there: dict[int, str] = {}
        try:
            async for said in self._said_since(place, state.began - _SKEW):
                payload = _ours(said)
                if payload.get("id") == message_id:
                    there[int(payload["part"])] = str(said["ts"])
                    if all(part in there for part in range(len(state.confirmed), parts)):
                        break
        except SDK_ERRORS as error:
            failure = delivery_error(error)
            if isinstance(failure, TemporaryFailure) and not is_refused(error):
                # What may be read seldom is no reason to hold back what others are owed.
                raise TemporaryFailure(str(failure), retry_after=failure.retry_after) from error
            log.warning("slack_history_refused", message=message_id, error=str(failure))
            return state.confirmed
        confirmed = list(state.confirmed)
        while len(confirmed) in there:
            confirmed.append(there[len(confirmed)])
        return confirmed

    async def _said_since(self, place: ConversationRef, began: float) -> AsyncIterator[Mapping[str, Any]]:
        """Messages of a conversation, a page at a time."""
        options: dict[str, Any] = {"oldest": f"{began:.6f}", "limit": _PAGE, "include_all_metadata": True}
        for _ in range(_MOST_PAGES):
            if place.thread:
                answer = await self._client.conversations_replies(channel=place.channel, ts=place.thread, **options)
            else:
                answer = await self._client.conversations_history(channel=place.channel, **options)
            for said in answer.get("messages") or ():
                yield said
            options["cursor"] = (answer.get("response_metadata") or {}).get("next_cursor")
            if not options["cursor"]:
                return


def _ours(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Our metadata of a message that we posted; empty for any other."""
    metadata = said.get("metadata") or {}
    return metadata.get("event_payload") or {} if metadata.get("event_type") == EVENT else {}


def _unknown(message: Outbound, now: float) -> _PendingDelivery:
    """The state assumed of a delivery that is not remembered."""
    tried = message.tried_since
    return _PendingDelivery(began=tried.timestamp() if tried else now, confirmed=[], is_unanswered=tried is not None)


def _metadata(message_id: int, part: int) -> dict[str, Any]:
    return {"event_type": EVENT, "event_payload": {"id": message_id, "part": part}}


def _may_have_been_made(error: SlackApiError) -> bool:
    """An answer that is not Slack's own "no" says nothing about whether the message was posted."""
    return error_code(error).startswith("status ") or error_code(error) in {"internal_error", "fatal_error"}
