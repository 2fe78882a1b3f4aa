"""Signs beside messages: one is worked on, a button was pressed, this could be asked. Never waited for."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from channels.slack.address import ConversationRef, MessageRef
from channels.slack.client import SDK_ERRORS, error_code
from channels.slack.events import ButtonPress, Opened
from channels.slack.rendering import mark_pressed as with_pressed
from channels.slack.settings import SlackSettings
from channels.slack.strings import WORKING

log = structlog.get_logger()

SEEN = "eyes"
#: Seen marks to be taken away with the answer, remembered at most.
_MOST_SEEN = 1000
#: After these, what was refused is not tried again while the process lives.
_FOR_GOOD = {"missing_scope", "no_permission", "not_allowed_token_type", "unknown_method", "feature_not_enabled"}


class Indicators:
    """Small courtesies. Where Slack refuses one, the conversation goes on without it."""

    def __init__(self, client: AsyncWebClient, settings: SlackSettings) -> None:
        self._client = client
        self._settings = settings
        self._tasks: set[asyncio.Task[None]] = set()
        self._seen: dict[str, list[tuple[MessageRef, asyncio.Task[None]]]] = {}
        self._refused: set[str] = set()

    def working(self, place: ConversationRef, spot: MessageRef) -> None:
        """Show that it is worked on: in a thread by Slack's status, elsewhere by a reaction to the message."""
        if not self._settings.typing:
            return
        if place.thread:
            self._start(
                "status",
                self._client.assistant_threads_setStatus(
                    channel_id=place.channel, thread_ts=place.thread, status=WORKING[self._settings.language]
                ),
            )
            return
        mark = self._start("seen", self._client.reactions_add(channel=spot.channel, timestamp=spot.ts, name=SEEN))
        if mark and len(self._seen) < _MOST_SEEN:
            self._seen.setdefault(place.address, []).append((spot, mark))

    def answered(self, address: str) -> None:
        """Take the marks away; Slack ends a status by itself."""
        for spot, mark in self._seen.pop(address, ()):
            self._start("unseen", self._unsee(spot, mark))

    def pressed(self, happened: ButtonPress) -> None:
        """Show what was pressed in the place of the buttons."""
        blocks = with_pressed(happened.blocks, happened.block_id, happened.label)
        self._start(
            "pressed",
            self._client.chat_update(
                channel=happened.spot.channel, ts=happened.spot.ts, text=happened.text, blocks=blocks
            ),
        )

    def opened(self, happened: Opened) -> None:
        """Show what could be asked to whoever opens the bot's messages."""
        if not (self._settings.agent_view and self._settings.suggestions):
            return
        prompts = [{"title": each, "message": each} for each in self._settings.suggestions]
        self._start(
            "suggestions",
            self._client.assistant_threads_setSuggestedPrompts(
                channel_id=happened.channel,
                thread_ts=happened.thread,  # the agent view has none, and with one would show nothing
                title=self._settings.greeting,
                prompts=prompts,
            ),
        )

    async def _unsee(self, spot: MessageRef, mark: "asyncio.Task[None]") -> None:
        await asyncio.wait({mark})
        await self._client.reactions_remove(channel=spot.channel, timestamp=spot.ts, name=SEEN)

    def _start(self, sign: str, call: Coroutine[Any, Any, Any]) -> "asyncio.Task[None] | None":
        if sign in self._refused:
            call.close()
            return None
        task = asyncio.create_task(self._show(sign, call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _show(self, sign: str, call: Coroutine[Any, Any, Any]) -> None:
        try:
            await call
        except SlackApiError as error:
            word = error_code(error)
            if word in _FOR_GOOD:
                self._refused.add(sign)
                log.warning("slack_sign_refused", sign=sign, error=word)
            else:
                log.info("slack_sign_failed", sign=sign, error=word)
        except SDK_ERRORS as error:
            log.info("slack_sign_failed", sign=sign, error=repr(error)[:200])
