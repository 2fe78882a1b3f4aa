"""The console's texts of what is stored in English or as a name: reasons, events, channels, how sure the bot was."""

from bot.console.translations import Translations
from bot.conversation import HELD, CaseLine, Reason, Receipt, reader_words, sure_words
from bot.desk import ADDED_TEXTS, ERASED, EVENT_TEXTS, LEFT_IDLE, WITHDRAWN_TEXTS
from bot.errors import AlreadyClaimed, BotError
from bot.i18n import gettext_noop
from bot.store.privacy.erasure import ERASED_BY_MAINTAINER
from bot.store.records.message_edits import DELETED, EDITED
from bot.store.records.participants import BACK

REASONS: dict[Reason, str] = {
    "asked": gettext_noop("Asked for a human"),
    "unsure": gettext_noop("Not sure enough"),
    "unclear": gettext_noop("Not clear what is meant"),
    "nothing_found": gettext_noop("Nothing found"),
    "contradiction": gettext_noop("Pages contradict each other"),
    "partial": gettext_noop("Partly answered"),
    "repeated": gettext_noop("Asked again"),
    "not_helped": gettext_noop("The answer did not help"),
    "upset": gettext_noop("Upset"),
    "attachment": gettext_noop("Sent a file"),
    "failed": gettext_noop("The bot failed"),
    "unavailable": gettext_noop("Search was unavailable"),
    "undelivered": gettext_noop("Not delivered"),
    "language": gettext_noop("In a language the bot has no answers in"),
    "forget": gettext_noop("Wants their data deleted"),
}
CHANNELS = {"web": gettext_noop("Web chat"), "terminal": gettext_noop("Terminal"), "x": "X"}
#: What happens to a case, with the name of the agent or without: lines of the transcript.
EVENTS = (
    *(ERASED_BY_MAINTAINER, ERASED, *EVENT_TEXTS.values(), LEFT_IDLE),
    *(*WITHDRAWN_TEXTS.values(), *ADDED_TEXTS.values(), EDITED, DELETED, BACK),
)


def delay_text(line: CaseLine, say: Translations) -> str:
    """The reason for which a message is not sent yet, as the words before a time."""
    if line.error == HELD:
        return say.gettext("Held back by the channel's budget until")
    return say.gettext("Not sent yet (%(why)s), next try", why=line.error or "")


def refusal_text(error: BotError, say: Translations) -> str:
    """The reason for which something could not be done, as a sentence."""
    if isinstance(error, AlreadyClaimed):
        return say.gettext("%(name)s has already claimed this.", name=error.agent_name)
    return say.gettext(str(error))


def event_text(text: str, say: Translations) -> str:
    """An event of a case in the agent's language; `text` is the stored English, which stays when it is unknown."""
    for sentence in EVENTS:
        before, named, after = sentence.partition("{agent}")
        if text == sentence and not named:
            return say.gettext(sentence)
        if named and text.startswith(before) and text.endswith(after):
            return say.gettext(sentence).format(agent=text[len(before) : len(text) - len(after)])
    return text


def confidence_line(receipt: Receipt, say: Translations) -> str | None:
    """The confidence the bot had and needed, as a sentence; None where it looked nothing up."""
    text, values = sure_words(receipt)
    return say.gettext(text).format(**{name: say.number(value) for name, value in values.items()}) if text else None


def reader_line(receipt: Receipt, say: Translations) -> str | None:
    """Say in a sentence what the reader made of the pages; None where none was asked."""
    text, values = reader_words(receipt)
    if not text:
        return None
    shown = {name: value if isinstance(value, str) else say.number(value) for name, value in values.items()}
    return say.gettext(text).format(**shown)


def channel_name(name: str, say: Translations) -> str:
    """The name agents know a channel by."""
    return say.gettext(CHANNELS[name]) if name in CHANNELS else name.capitalize()
