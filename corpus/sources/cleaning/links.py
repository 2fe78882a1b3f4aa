import re
from collections.abc import Callable

#: Gives the full address of a link's target, None when it leads nowhere outside the folder.
Resolve = Callable[[str], str | None]

_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_DEFINITION = re.compile(
    r"^ {0,3}\[(?P<label>[^\]\n^]+)\]:[ \t]+<?(?P<target>[^\s>]+)>?(?:[ \t]+[\"'(][^\n]*)?[ \t]*$\n?", re.MULTILINE
)
_REFERENCE = re.compile(r"\[(?P<text>[^\[\]\n]*)\]\[(?P<label>[^\[\]\n]*)\]")
_LINK = re.compile(
    r"(?P<image>!?)\[(?P<text>[^\[\]]*)\]\(\s*<?(?P<target>[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?P<title>\s+[\"'][^)\n]*)?\s*\)"
)


def full_links(text: str, resolve: Resolve) -> str:
    """Markdown whose links work wherever a passage of it is shown.

    Link definitions at the end of a page are brought to where they are used; addresses that only hold on the page's
    own site are completed, and where they cannot be, a link leaves its words and a picture goes.
    """
    targets = {match["label"].casefold(): match["target"] for match in _DEFINITION.finditer(text)}
    if targets:
        text = _REFERENCE.sub(lambda match: _inlined(match, targets), _DEFINITION.sub("", text))

    def full(link: re.Match[str]) -> str:
        target = link["target"] if _ABSOLUTE.match(link["target"]) else resolve(link["target"])
        if target and (link["text"] or link["image"]):
            return f"{link['image']}[{link['text']}]({target}{link['title'] or ''})"
        return "" if link["image"] else link["text"]

    # Twice, for a link around an image.
    return _LINK.sub(full, _LINK.sub(full, text))


def _inlined(reference: re.Match[str], targets: dict[str, str]) -> str:
    target = targets.get((reference["label"] or reference["text"]).casefold())
    return f"[{reference['text']}]({target})" if target else reference[0]
