import gzip
import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from channels.testing import MemoryHost
from channels.web.channel import WebChannel
from channels.web.settings import LANGUAGES

STATIC = files("channels") / "static"
SMALL = 15 * 1024


async def get(path: str, *, settings: Mapping[str, Any] | None = None, **headers: str) -> httpx.Response:
    app = Starlette(routes=WebChannel.from_settings(settings or {}, MemoryHost()).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        return await client.get(path, headers={key.replace("_", "-"): value for key, value in headers.items()})


async def test_the_widget_is_small_as_served() -> None:
    response = await get("/widget.js", accept_encoding="gzip")

    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) < SMALL
    assert len(gzip.compress(response.content)) < SMALL


async def test_the_widget_comes_plain_where_gzip_is_not_taken() -> None:
    zipped = await get("/widget.js", accept_encoding="gzip")
    plain = await get("/widget.js", accept_encoding="identity")

    assert "content-encoding" not in plain.headers
    assert plain.content == zipped.content
    assert b"answerdesk-chat" in plain.content


async def test_a_browser_that_has_the_widget_gets_no_second_copy() -> None:
    first = await get("/widget.js")
    again = await get("/widget.js", if_none_match=first.headers["etag"])

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "max-age" in again.headers["cache-control"]


async def test_any_page_may_load_the_widget() -> None:
    headers = (await get("/widget.js")).headers

    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["content-type"].startswith("text/javascript")


async def test_the_chat_page_tells_the_owners_settings_escaped() -> None:
    page = await get("/chat", settings={"title": '<Lamps> & "more"', "suggestions": ["Is it <dry>?", "Why?"]})

    assert 'title="&lt;Lamps&gt; &amp; &#34;more&#34;"' in page.text
    assert 'suggestions="Is it &lt;dry&gt;?|Why?"' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("unset", ["greeting", "color", "logo", "language", "suggestions"])
async def test_what_is_not_set_is_left_to_the_widget(unset: str) -> None:
    assert f" {unset}=" not in (await get("/chat")).text


@pytest.mark.parametrize(
    ("accepted", "settings", "language"),
    [
        ("sv-SE,sv;q=0.9,en;q=0.8", {}, "sv"),
        ("hu-HU,hu;q=0.9,sv;q=0.5,en;q=0.4", {}, "sv"),
        ("de-AT", {}, "de"),
        ("no", {}, "nb"),
        ("hu", {}, "en"),
        ("*", {}, "en"),
        ("sv", {"language": "en"}, "en"),
    ],
)
async def test_the_chat_page_speaks_the_browsers_language_unless_it_is_set(
    accepted: str, settings: Mapping[str, Any], language: str
) -> None:
    page = await get("/chat", settings=settings, accept_language=accepted)

    assert f'<html lang="{language}">' in page.text
    assert ('language="en"' in page.text) == bool(settings), "the customer's locale is the browser's, unless it is set"


def keys(script: str) -> set[str]:
    return set(re.findall(r"^  (\w+):", script, re.MULTILINE))


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
async def test_the_widget_says_everything_in_each_language(language: str) -> None:
    script = await get(f"/widget/{language}.js", accept_encoding="gzip")

    assert script.headers["content-encoding"] == "gzip"
    assert script.headers["access-control-allow-origin"] == "*"
    assert script.headers["content-type"].startswith("text/javascript")
    english = keys((STATIC / "widget" / "words.js").read_text("utf-8"))
    assert len(english) > 30
    assert english - keys(script.text) == set()


async def test_the_widget_asks_for_the_languages_that_there_are() -> None:
    [listed] = re.findall(r"const FETCHED = (\[.*?\]);", (await get("/widget.js")).text)

    assert json.loads(listed) == sorted(each for each in LANGUAGES if each != "en")
    assert (await get("/widget/hu.js")).status_code == 404
    assert (await get("/widget/en.js")).status_code == 404
