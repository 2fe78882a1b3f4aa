import structlog

from channels.channel import Host
from channels.message import LONGEST_TEXT, Inbound
from channels.slack.address import ConversationRef
from channels.slack.events import ButtonPress, MessageEvent, sent_at
from channels.slack.users import UserCache

log = structlog.get_logger()


class InboundHandler:
    """Decides which conversation a message belongs to, if to any of the bot's, and gives it to the host.

    Which threads are the bot's, the host knows: they are those it has lines of. So nothing is forgotten by a restart.
    """

    def __init__(self, host: Host, people: UserCache, channel: str, *, agent_view: bool) -> None:
        self._host = host
        self._agent_view = agent_view
        self._people = people
        self._channel = channel

    async def on_message(self, written: MessageEvent) -> ConversationRef | None:
        """Accept what was written. The conversation's place when it is new and to be answered; NotStored."""
        place = await self._place(written)
        if place is None:
            return None
        if len(written.text) > LONGEST_TEXT:  # longer than Slack lets anybody write
            log.warning("slack_too_long", event_id=written.event_id, length=len(written.text))
            return None
        person = await self._people.who(written.user)
        new = await self._host.accept(
            Inbound(
                channel=self._channel,
                event_id=written.event_id,
                platform_message_id=None if written.edits or written.deletes else written.spot.id,
                address=place.address,
                customer=written.user,
                customer_name=person.name,
                locale=person.locale,
                text=written.text,
                sent_at=sent_at(written.spot.ts),
                attachments=written.attachments,
                quotes=written.quotes,
                is_addressed=written.is_addressed,
                edits=written.spot.id if written.edits else None,
                deletes=written.spot.id if written.deletes else None,
            )
        )
        if not new or written.deletes:
            return None
        status = await self._host.status(self._channel, place.address)
        is_turn = written.is_addressed or status.pending  # a remark to others is worked on by nobody
        return place if is_turn and status.owner != "agent" else None

    async def on_button(self, pressed: ButtonPress) -> None:
        """Accept a pressed button; NotStored."""
        person = await self._people.who(pressed.user)
        await self._host.accept(
            Inbound(
                channel=self._channel,
                event_id=pressed.event_id,
                address=ConversationRef.of(pressed.spot).address,
                customer=pressed.user,
                customer_name=person.name,
                locale=person.locale,
                text="",
                sent_at=sent_at(pressed.spot.ts),
                action=pressed.action,
            )
        )

    async def _place(self, written: MessageEvent) -> ConversationRef | None:
        place = ConversationRef.thread_of(written.spot) if self._agent_view else ConversationRef.of(written.spot)
        if not written.spot.is_direct:
            is_ours = written.is_addressed or (not written.is_for_another and await self._is_known(place))
            return place if is_ours else None
        if self._agent_view or place.thread is None or await self._is_known(place):
            return place
        # A thread in direct messages that are one conversation already, such as under an answer, goes on with it;
        # where somebody writes only in threads, as the older assistant view does, each is a conversation.
        return place.whole if await self._is_known(place.whole) else place

    async def _is_known(self, place: ConversationRef) -> bool:
        return bool(await self._host.lines(self._channel, place.address))
