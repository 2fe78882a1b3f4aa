"""Slack's markup of what people write, as the text they see. Pure functions."""

import re

from channels.slack.emojis import emoji_of

#: <@U1>, <@U1|ada>, <#C1|shop>, <!here>, <!subteam^S1|@crew>, <https://x|label>.
_REFERENCE = re.compile(r"<([^<>]+)>")
#: Slack writes an emoji as its name between colons, with a tone of skin as a second one.
_EMOJI = re.compile(r":([a-z0-9_+-]+):(?::skin-tone-[2-6]:)?")
_SCHEME = re.compile(r"^(?:https?://|mailto:|tel:)")


def mentions(text: str, user: str) -> bool:
    """True when somebody is called by name."""
    return re.search(rf"<@{re.escape(user)}(?:\|[^<>]*)?>", text) is not None


def addresses_another(text: str, user: str) -> bool:
    """True when the text begins by calling somebody else."""
    called = re.match(r"\s*<@([A-Z0-9]+)(?:\|[^<>]*)?>", text)
    return called is not None and called[1] != user


def readable(text: str, *, bot: str) -> str:
    """A customer's words as they read: links, names and emojis as shown, without the name that calls us."""
    without = re.sub(rf"[ \t]*<@{re.escape(bot)}(?:\|[^<>]*)?>[ \t]?[,:]?[ \t]*", " ", text)
    shown = _REFERENCE.sub(lambda found: _shown(found[1]), _with_emojis(without if without != text else text))
    plain = unescape(shown)
    return plain.strip() if without != text else plain


def escape(text: str) -> str:
    """The text so that Slack reads none of it as a reference."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The reverse of `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _with_emojis(text: str) -> str:
    return _EMOJI.sub(lambda found: emoji_of(found[1]) or found[0], text)


def _shown(reference: str) -> str:
    target, _, label = reference.partition("|")
    if target.startswith(("@", "#")):
        return label if label.startswith(target[0]) else target[0] + (label or target[1:])
    if target.startswith("!"):
        return label or "@" + target[1:].partition("^")[0]
    if not _SCHEME.match(target):
        return f"<{reference}>"
    if not label or label == target:
        return target
    says_it = target.startswith("tel:") or _SCHEME.sub("", target).rstrip("/") == label.rstrip("/")
    return label if says_it else f"{label} ({target})"
