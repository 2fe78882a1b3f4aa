"""Translations among the pages of a folder: told by their paths, and by the links that name them."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import urljoin

from corpus.language_tags import language_code
from corpus.sources.page import Page
from corpus.sources.source import Notice, report_skipped


def originals(pages: Sequence[Page], neighbours: Container[PurePosixPath], notice: Notice) -> dict[str, str]:
    """The page that each one translates, by their ids: of those that belong together, the first.

    Links that would make two pages in one language translations of each other, as when every page names the other
    language's home page, are left out with a notice.
    """
    groups: dict[str, list[Page]] = {page.id: [page] for page in pages}
    languages = {page.id: page.language(neighbours) for page in pages}
    for one, other in _by_path(pages, neighbours):
        _join(groups, one, other)
    linked = {page.id: list(groups[page.id]) for page in pages}
    links = list(_by_link(pages, languages))
    naming = Counter((other.id, languages[one.id]) for one, other in links)
    refused = [one.record.place for one, other in links if naming[other.id, languages[one.id]] > 1]
    for one, other in links:
        if naming[other.id, languages[one.id]] == 1:
            _join(linked, one, other)
    for page in pages:
        group = linked[page.id]
        if len(group) > len(groups[page.id]):
            if len({languages[each.id] for each in group}) == len(group):
                groups[page.id] = group
            else:
                refused.append(page.record.place)
    report_skipped(
        sorted(set(refused)), "pages' links to translations (hreflang), which name one page for several,", notice
    )
    order = {page.id: place for place, page in enumerate(pages)}
    firsts = {page.id: min((each.id for each in groups[page.id]), key=order.__getitem__) for page in pages}
    return {page: first for page, first in firsts.items() if page != first}


def _by_path(pages: Sequence[Page], neighbours: Container[PurePosixPath]) -> Iterator[tuple[Page, Page]]:
    """Pages whose paths differ in their language alone."""
    together: dict[PurePosixPath, dict[str, Page]] = {}
    for page in pages:
        if language := page.language(neighbours):
            together.setdefault(page.path_in_any_language(language), {}).setdefault(language, page)
    for first, *others in (list(each.values()) for each in together.values()):
        yield from ((first, other) for other in others)


def _by_link(pages: Sequence[Page], languages: dict[str, str | None]) -> Iterator[tuple[Page, Page]]:
    """Pages of which one names the other as itself in another language, where that is the language it says it is in."""
    by_address = {_address(page.url): page for page in pages if page.url}
    by_path = {page.path: page for page in pages}
    for page in pages:
        for tag, href in page.alternates:
            other = by_address.get(_address(urljoin(page.url or "", href))) or by_path.get(
                page.neighbour(href.partition("#")[0])
            )
            language = language_code(tag)  # x-default is none
            if other and other is not page and language and language == languages[other.id] != languages[page.id]:
                yield page, other


def _join(groups: dict[str, list[Page]], one: Page, other: Page) -> None:
    first, second = groups[one.id], groups[other.id]
    if first is not second:
        first += second
        for page in second:
            groups[page.id] = first


def _address(url: str) -> str:
    """An address as it is compared: however it is reached, and wherever on the page."""
    return url.partition("#")[0].partition("://")[2].rstrip("/").casefold()
