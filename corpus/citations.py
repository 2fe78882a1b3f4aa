"""The pages a text points to: two forum answers that cite the same article were resolved by the same thing."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from corpus.language_tags import language_code

_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'`]+", re.IGNORECASE)


def cited_pages(text: str) -> frozenset[str]:
    """The pages that a text links to, as `canonical_page` names them."""
    return frozenset(filter(None, map(canonical_page, _ADDRESS.findall(text))))


@lru_cache(maxsize=1 << 16)  # the answers of a forum cite the same pages again and again
def canonical_page(url: str) -> str | None:
    """One name for all addresses of a page: without scheme, query, fragment, "www." and a leading language.

    None for a site's front page, which says nothing about what was asked, and for what is no address.
    """
    try:
        parts = urlsplit(url.rstrip(".,;:!?*_"))
    except ValueError:
        return None
    steps = [step for step in parts.path.split("/") if step]
    if steps and language_code(steps[0]):
        del steps[0]
    host = parts.netloc.lower().removeprefix("www.")
    return "/".join([host, *steps]) if steps and host else None
