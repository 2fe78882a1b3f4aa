import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.citations import canonical_page, cited_pages

ARTICLE = "help.example/articles/12-reset"


@pytest.mark.parametrize(
    "url",
    [
        "https://help.example/articles/12-reset",
        "http://help.example/articles/12-reset",
        "HTTPS://WWW.Help.Example/articles/12-reset",
        "https://help.example/articles/12-reset/",
        "https://help.example//articles/12-reset",
        "https://help.example/articles/12-reset?from=mail&x=1",
        "https://help.example/articles/12-reset#step-3",
        "https://help.example/articles/12-reset/?q#f",
        "https://help.example/en/articles/12-reset",
        "https://help.example/pt-BR/articles/12-reset",
        "https://help.example/articles/12-reset.",
        "https://help.example/articles/12-reset?!",
        "https://help.example/articles/12-reset**",
    ],
)
def test_all_addresses_of_a_page_have_one_name(url: str) -> None:
    assert canonical_page(url) == ARTICLE


def test_pages_that_differ_have_different_names() -> None:
    urls = ["https://help.example/a", "https://help.example/b", "https://help.example/a/b", "https://other.example/a"]
    assert len({canonical_page(url) for url in urls}) == len(urls)


def test_the_case_of_a_path_counts_since_servers_may_tell_it_apart() -> None:
    assert canonical_page("https://help.example/A") != canonical_page("https://help.example/a")


def test_only_a_leading_language_is_left_out() -> None:
    assert canonical_page("https://help.example/articles/en/12") == "help.example/articles/en/12"
    assert canonical_page("https://help.example/de/it/vpn") == "help.example/it/vpn"


@pytest.mark.parametrize(
    "url",
    [
        "https://help.example",
        "https://help.example/",
        "https://www.help.example/?q=hub",
        "https://help.example/en/",
        "help.example/articles/12",
        "articles/12",
        "mailto:help@help.example",
        "https:///articles/12",
        "https://www./articles/12",
        "http://[::1/articles",
        "",
        "  ",
    ],
)
def test_front_pages_and_what_is_no_address_are_no_page(url: str) -> None:
    assert canonical_page(url) is None


@pytest.mark.parametrize(
    "text",
    [
        "See https://help.example/articles/12-reset",
        "See https://help.example/articles/12-reset.",
        "(see https://help.example/articles/12-reset)",
        "See [the article](https://help.example/articles/12-reset).",
        'See [the article](https://help.example/en/articles/12-reset "Resetting").',
        "See [https://help.example/articles/12-reset](https://www.help.example/articles/12-reset#a)",
        "See <https://help.example/articles/12-reset>.",
        "See [the article][1].\n\n[1]: https://help.example/articles/12-reset\n",
        "See **https://help.example/articles/12-reset**!",
        "See _https://help.example/articles/12-reset_, it helps",
        "See `https://help.example/articles/12-reset`",
        '<a href="https://help.example/articles/12-reset">the article</a>',
        "See HTTPS://Help.Example/articles/12-reset",
        "Front page https://help.example/ and https://help.example/articles/12-reset",
    ],
)
def test_a_text_cites_the_pages_it_links_to(text: str) -> None:
    assert cited_pages(text) == {ARTICLE}


def test_each_cited_page_is_named_once() -> None:
    text = "https://help.example/a, http://www.help.example/a#b; https://help.example/b and https://other.example/c!"
    assert cited_pages(text) == {"help.example/a", "help.example/b", "other.example/c"}


def test_a_text_without_addresses_cites_nothing() -> None:
    assert cited_pages("Write to help@help.example, or see help.example/articles/12.") == frozenset()
    assert cited_pages("") == frozenset()


_PIECES = st.sampled_from(
    ["https://", "http://", "www.", "help.example", "/", "en", "[", "]", "::", "#", "?", "@", " "]
)


@example("www./https://")
@given(st.lists(st.one_of(_PIECES, st.text(max_size=8), st.characters())).map("".join))
def test_any_text_can_be_looked_at(text: str) -> None:
    for name in (*cited_pages(text), canonical_page(text), canonical_page(f"https://{text}")):
        assert name is None or all(name.split("/", 1)), "a host and a path"
