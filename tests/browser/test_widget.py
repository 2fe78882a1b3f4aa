"""The widget in a real browser against a real server; only the application behind it is a fake."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route as HttpRoute

from channels.message import LONGEST_TEXT, Choice, Inbound, Labels, SourceCard, Status
from channels.testing import HostReply, MemoryHost, Served, served
from channels.web.channel import WebChannel

PageAt = Callable[..., Page]

HOURS = "When are you open?"
RAIN = "Can it stand in the rain?"
LIDS = "Which lids fit?"
SWEDISH = "När har ni öppet?"
LONG_TITLE = (
    "Lids for pans, casseroles and everything else that is round and was bought before the year 2019 in our shops"
)
LONG = "Tell me everything"
PRICE = "What does it cost?"
#: As the server composes it, in the language of the conversation.
CAPTION = "From the help centre · updated 3 March 2025"
REPLIES = {
    HOURS: HostReply(
        text="Every day **from 9 to 17**.\n\n1. Come in.\n2. Ring the bell.",
        source=SourceCard(
            title="Opening hours",
            kind="article",
            url="https://example.com/hours",
            updated=date(2025, 3, 3),
            caption=CAPTION,
        ),
        feedback=True,
    ),
    RAIN: HostReply(
        text="Yes, without the shade.",
        source=SourceCard(
            title="Outdoors",
            kind="answer",
            author="Maja",
            updated=date(2025, 3, 3),
            caption="Forum answer by Maja · 3 March 2025 · not confirmed by the company",
        ),
        feedback=True,
    ),
    LIDS: HostReply(
        text="Which of these do you mean?",
        choices=(
            Choice(id="1", label="Lids for pots"),
            Choice(id="2", label=LONG_TITLE),
            Choice(id="none", label="None of these, I need a human"),
        ),
    ),
    SWEDISH: HostReply(
        text="Varje dag från 9 till 17.",
        feedback=True,
        labels=Labels(
            question="Hjälpte det här?",
            helped="Det hjälpte",
            not_helped="Det hjälpte inte",
            human="Prata med en människa",
        ),
    ),
    PRICE: HostReply(
        text="This may be it:\n\n**Price**\n\nIt costs 49 kr a month.",
        source=SourceCard(
            title="The subscription",
            kind="article",
            url="https://example.com/plus",
            caption=CAPTION,
            rest="## What you get\n\n- A lamp.\n- [A hub](https://example.com/hub).",
        ),
        choices=(
            Choice(id="solved", label="Yes"),
            Choice(id="not_solved", label="No"),
            Choice(id="human", label="A person, please"),
        ),
    ),
    LONG: HostReply(text="\n\n".join(f"Paragraph {number}." for number in range(60))),
    "<script>window.harmed = true</script>": HostReply(
        text="<img src=x onerror='window.harmed = true'> <script>harm()</script>"
    ),
}


@pytest.fixture
def host() -> MemoryHost:
    return MemoryHost(REPLIES)


@pytest.fixture
def desk(host: MemoryHost) -> Iterator[Served]:
    """The server of the chat."""
    with served(Starlette(routes=WebChannel.from_settings({"suggestions": [HOURS, RAIN]}, host).routes())) as server:
        yield server


class Shop:
    """A company's own site, on another origin, strict about what it loads."""

    def __init__(self, desk: Served) -> None:
        self.policy = (
            f"default-src 'none'; img-src data:; style-src 'self'; script-src {desk.url}; connect-src {desk.url}"
        )
        self.chat = f'<answerdesk-chat title="Lamp help"></answerdesk-chat><script src="{desk.url}/widget.js"></script>'
        self.app = Starlette(routes=[HttpRoute("/", self._page), HttpRoute("/style.css", self._style)])

    async def _page(self, _request: Request) -> HTMLResponse:
        html = (
            '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">'
            '<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css">'
            f'<title>Lamps</title><h1>Lamps</h1><button id="buy">Buy</button><p>{"Lorem ipsum. " * 400}</p>{self.chat}'
        )
        return HTMLResponse(html, headers={"Content-Security-Policy": self.policy})

    async def _style(self, _request: Request) -> HTMLResponse:
        css = "button, p, h2 { color: rgb(255, 0, 0) !important; font-size: 40px } body { font-family: serif }"
        return HTMLResponse(css, media_type="text/css")


@pytest.fixture
def shop(desk: Served) -> Shop:
    return Shop(desk)


@pytest.fixture
def shop_url(shop: Shop) -> Iterator[str]:
    with served(shop.app) as server:
        yield server.url


@pytest.fixture
def chat(page_at: PageAt, desk: Served) -> Page:
    page = page_at(1280)
    page.goto(f"{desk.url}/chat")
    return page


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Write a message")


def say(page: Page, text: str) -> None:
    box(page).fill(text)
    box(page).press("Enter")


def log(page: Page) -> Locator:
    return page.get_by_role("log")


def bodies(page: Page) -> Locator:
    return log(page).locator(".body")


def choice(page: Page, label: str) -> Locator:
    return log(page).get_by_role("button", name=label)


def reloaded(page: Page) -> Page:
    page.reload()
    return page


def frozen(page: Page) -> None:
    """Stand the page's clock still from its start: no timer of the widget runs out unless the test says so."""
    start = datetime.now(UTC)
    page.clock.install(time=start)
    page.reload()
    page.clock.pause_at(start + timedelta(minutes=1))


def wait_for(host: MemoryHost, count: int) -> list[Inbound]:
    """What has arrived, once so much has."""
    give_up = time.monotonic() + 15
    while len(host.accepted) < count and time.monotonic() < give_up:
        time.sleep(0.01)
    return host.accepted


def launcher(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("Open the chat"))


def address(host: MemoryHost) -> str:
    """Where the customer is, as soon as something of theirs has arrived: the page shows it before it is sent."""
    give_up = time.monotonic() + 15
    while not host.accepted and time.monotonic() < give_up:
        time.sleep(0.01)
    return host.accepted[-1].address


def test_a_question_gets_its_answer_with_the_source(chat: Page) -> None:
    say(chat, HOURS)

    expect(bodies(chat)).to_have_text([HOURS, re.compile("Every day from 9 to 17.")])
    expect(bodies(chat).nth(1).get_by_role("listitem")).to_have_text(["Come in.", "Ring the bell."])
    expect(chat.get_by_role("link", name="Opening hours")).to_have_attribute("href", "https://example.com/hours")
    expect(log(chat)).to_contain_text(CAPTION)


def test_the_chat_speaks_the_browsers_language_and_a_source_that_of_the_conversation(
    page_at: PageAt, desk: Served
) -> None:
    for locale, write in (
        ("de-AT", "Nachricht schreiben"),
        ("nb-NO", "Skriv en melding"),
        ("pl-PL", "Napisz wiadomość"),
        ("en-US", "Write a message"),
    ):
        page = page_at(380, locale=locale)
        page.goto(f"{desk.url}/chat")
        written = page.get_by_role("textbox", name=write)
        written.fill(HOURS)
        written.press("Enter")
        expect(log(page).locator(".card .quiet")).to_have_text(CAPTION)


def test_an_hour_has_the_digits_that_its_region_gives_it(page_at: PageAt, desk: Served) -> None:
    for locale, written in (("en-US", "9:05 AM"), ("sv-SE", "09:05")):
        page = page_at(1280, locale=locale)
        page.clock.set_fixed_time(datetime(2025, 3, 3, 9, 5).astimezone())
        page.goto(f"{desk.url}/chat")
        page.route("**/chat/messages", lambda route: route.abort())
        page.get_by_role("textbox").fill(HOURS)
        page.get_by_role("textbox").press("Enter")
        expect(log(page).locator("time").first).to_have_text(written)


def test_a_forum_answer_is_shown_as_one(chat: Page) -> None:
    chat.get_by_role("button", name=RAIN).click()

    expect(log(chat)).to_contain_text("Forum answer by Maja · 3 March 2025 · not confirmed by the company")
    expect(chat.get_by_role("button", name=HOURS)).to_be_hidden()


def test_nothing_is_asked_of_the_server_before_the_customer_writes(page_at: PageAt, desk: Served) -> None:
    page = page_at(1280)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{desk.url}/chat")
    expect(box(page)).to_be_visible()

    assert [url for url in asked if "/chat/" in url] == []


def test_a_reload_keeps_the_conversation(chat: Page, host: MemoryHost) -> None:
    say(chat, HOURS)
    expect(bodies(chat)).to_have_count(2)
    chat.reload()

    expect(bodies(chat)).to_have_text([HOURS, re.compile("Every day")])
    say(chat, RAIN)
    expect(bodies(chat)).to_have_count(4)
    assert len({inbound.address for inbound in host.accepted}) == 1


def test_what_is_written_while_the_server_is_gone_arrives_once(chat: Page, desk: Served, host: MemoryHost) -> None:
    say(chat, HOURS)
    expect(bodies(chat)).to_have_count(2)
    desk.stop()
    say(chat, RAIN)

    expect(chat.get_by_text("No connection. Your messages are kept")).to_be_visible()
    expect(log(chat)).to_contain_text("Not sent yet.")
    desk.start()
    expect(bodies(chat)).to_have_text([HOURS, re.compile("Every day"), RAIN, re.compile("Yes, without")])
    expect(chat.get_by_text("No connection.")).to_be_hidden()
    expect(log(chat)).not_to_contain_text("Not sent yet.")
    assert [inbound.text for inbound in host.accepted] == [HOURS, RAIN]


def test_what_was_not_sent_survives_a_reload(page_at: PageAt, shop_url: str, desk: Served, host: MemoryHost) -> None:
    page = page_at(1280)
    page.goto(shop_url)
    launcher(page).click()
    desk.stop()
    say(page, HOURS)
    expect(log(page)).to_contain_text("Not sent yet.")
    page.reload()
    expect(bodies(page)).to_have_text([HOURS])
    desk.start()

    expect(bodies(page)).to_have_text([HOURS, re.compile("Every day")])
    assert len(host.accepted) == 1


def test_a_lost_acknowledgement_makes_no_second_message(chat: Page, host: MemoryHost) -> None:
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.request.url)
        route.fetch()
        return route.abort()

    chat.route("**/chat/messages", lose_the_first)
    say(chat, HOURS)

    expect(bodies(chat)).to_have_text([HOURS, re.compile("Every day")])
    say(chat, RAIN)
    expect(bodies(chat)).to_have_count(4)
    assert lost
    assert [inbound.text for inbound in host.accepted] == [HOURS, RAIN]


@pytest.mark.parametrize("by", ["the customer", "the clock"])
def test_what_the_server_cannot_store_is_kept_and_sent_again(chat: Page, host: MemoryHost, by: str) -> None:
    frozen(chat)
    host.can_store = False
    say(chat, HOURS)

    expect(chat.get_by_text("Something is wrong on our side.")).to_be_visible()
    expect(log(chat)).to_contain_text("Not sent yet.")
    host.can_store = True
    if by == "the customer":
        chat.get_by_role("button", name="Try now").click()
    else:
        chat.clock.run_for(60_000)
    expect(bodies(chat)).to_have_text([HOURS, re.compile("Every day")])
    expect(chat.get_by_text("Something is wrong")).to_be_hidden()
    expect(chat.get_by_role("button", name="Try now")).to_be_hidden()
    assert len(host.accepted) == 1


def test_an_answer_that_is_not_the_servers_is_no_acknowledgement(chat: Page, host: MemoryHost) -> None:
    for path in ("sessions", "messages", "events*"):
        chat.route(f"**/chat/{path}", lambda route: route.fulfill(body="<h1>Welcome to the hotel</h1>"), times=1)
    say(chat, HOURS)

    expect(bodies(chat)).to_have_text([HOURS, re.compile("Every day")])
    assert len(host.accepted) == 1


def test_a_server_that_lost_everything_is_noticed(chat: Page, desk: Served, host: MemoryHost) -> None:
    say(chat, LONG)
    say(chat, HOURS)
    expect(bodies(chat)).to_have_count(4)
    desk.stop()
    host.forget()
    say(chat, RAIN)
    desk.start()

    expect(bodies(chat)).to_have_text([RAIN, re.compile("Yes, without")])


def test_a_hidden_tab_gives_its_connection_back_and_catches_up(chat: Page, host: MemoryHost) -> None:
    chat.clock.install()
    chat.reload()
    say(chat, HOURS)
    expect(bodies(chat)).to_have_count(2)
    hide = "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
    hide += " document.dispatchEvent(new Event('visibilitychange')) }"
    chat.evaluate(hide, True)
    with chat.expect_event("requestfailed", lambda request: "/chat/events" in request.url):
        chat.clock.fast_forward("01:30")
    asked: list[str] = []
    chat.on("request", lambda request: asked.append(request.url))
    chat.clock.fast_forward("00:30")
    chat.evaluate("fetch('/chat')")
    assert [url for url in asked if "/chat/events" in url] == []
    host.say("web", address(host), HostReply(text="Are you back?"))
    chat.evaluate(hide, False)

    expect(bodies(chat).last).to_have_text("Are you back?")
    expect(chat.get_by_text("No connection.")).to_be_hidden()


def test_two_tabs_agree(chat: Page, desk: Served, host: MemoryHost) -> None:
    other = chat.context.new_page()
    other.goto(f"{desk.url}/chat")
    say(chat, HOURS)

    for page in (chat, other):
        expect(bodies(page)).to_have_text([HOURS, re.compile("Every day")])
    say(other, RAIN)
    for page in (chat, other):
        expect(bodies(page)).to_have_count(4)
    other.get_by_role("button", name="Helped", exact=True).first.click()
    expect(log(chat)).to_contain_text("You marked this as helpful.")
    assert len({inbound.address for inbound in host.accepted}) == 1


def test_it_is_used_with_the_keyboard_alone(page_at: PageAt, shop_url: str) -> None:
    page = page_at(1280)
    page.goto(shop_url)
    page.locator("#buy").focus()
    page.keyboard.press("Tab")
    expect(launcher(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(box(page)).to_be_focused()
    page.keyboard.type("First line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    page.keyboard.press("Enter")

    expect(bodies(page)).to_have_text(["First line\nsecond line"])
    expect(box(page)).to_have_value("")
    expect(box(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher(page)).to_be_focused()


def test_feedback_works_with_the_keyboard_and_keeps_the_focus(chat: Page, host: MemoryHost) -> None:
    say(chat, HOURS)
    chat.get_by_role("button", name="Didn't help").focus()
    chat.keyboard.press("Enter")
    expect(chat.get_by_text("You marked this as not helpful.")).to_be_focused()
    host.say(
        "web", address(host), HostReply(text="Shall I pass this on?", choices=(Choice(id="human", label="Yes, do"),))
    )
    expect(choice(chat, "Yes, do")).to_be_visible()
    chat.keyboard.press("Tab")
    expect(choice(chat, "Yes, do")).to_be_focused()
    chat.keyboard.press("Enter")

    expect(choice(chat, "Yes, do")).to_be_disabled()
    expect(choice(chat, "Yes, do")).to_be_focused()
    pressed = [inbound.action for inbound in wait_for(host, 3)]
    assert [action and (action.name, action.choice) for action in pressed] == [
        None,
        ("not_helped", None),
        ("choose", "human"),
    ]


def test_of_several_choices_one_is_taken_and_stays_marked(chat: Page, host: MemoryHost) -> None:
    say(chat, LIDS)
    group = log(chat).get_by_role("group", name="Choices")
    expect(group.get_by_role("button")).to_have_text(["Lids for pots", LONG_TITLE, "None of these, I need a human"])
    choice(chat, "Lids for pots").click()

    for page in (chat, reloaded(chat)):
        for button in group.get_by_role("button").all():
            expect(button).to_be_disabled()
        expect(choice(page, "Lids for pots")).to_have_attribute("aria-pressed", "true")
        expect(choice(page, LONG_TITLE)).to_have_attribute("aria-pressed", "false")
    choice(chat, LONG_TITLE).click(force=True)
    actions = [inbound.action for inbound in wait_for(host, 2)[1:]]
    assert [(action.name, action.choice, action.answer_id) for action in actions if action] == [("choose", "1", 2)]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_rest_of_a_page_is_folded_and_unfolds_by_the_keyboard(page_at: PageAt, desk: Served, width: int) -> None:
    page = page_at(width)
    page.goto(f"{desk.url}/chat")
    say(page, PRICE)
    answer = bodies(page).nth(1)
    expect(answer).to_contain_text("It costs 49 kr a month.")
    fold, rest = answer.locator("summary"), answer.get_by_role("listitem")
    expect(fold).to_have_text("The rest of the page")
    expect(rest.first).to_be_hidden()
    size = fold.bounding_box()
    assert size is not None
    assert size["height"] >= 24

    fold.focus()
    page.keyboard.press("Enter")
    expect(rest).to_have_text(["A lamp.", "A hub."])
    expect(answer.get_by_role("heading", name="What you get")).to_be_visible()
    page.keyboard.press("Tab")
    expect(answer.get_by_role("link", name="A hub")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    fold.focus()
    page.keyboard.press("Space")
    expect(rest.first).to_be_hidden()


def test_what_came_of_a_suggestion_is_asked_under_its_source(chat: Page, host: MemoryHost) -> None:
    say(chat, PRICE)
    group = log(chat).get_by_role("group", name="Did this solve it?")
    expect(group.get_by_role("button")).to_have_text(["Yes", "No", "A person, please"])
    expect(log(chat).locator(".card + .asked + .choices")).to_have_count(1)
    choice(chat, "Yes").click()
    said = wait_for(host, 2)[1].action
    assert (said and said.name, said and said.choice) == ("choose", "solved")


def test_choices_are_over_once_something_else_is_said(chat: Page) -> None:
    say(chat, LIDS)
    expect(choice(chat, "Lids for pots")).to_be_enabled()
    say(chat, HOURS)

    expect(choice(chat, "Lids for pots")).to_be_disabled()
    expect(choice(chat, "Lids for pots")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("width", [320, 380, 1280])
def test_long_choices_fit_on_any_screen(page_at: PageAt, desk: Served, width: int) -> None:
    page = page_at(width)
    page.goto(f"{desk.url}/chat")
    say(page, LIDS)
    expect(choice(page, LONG_TITLE)).to_be_visible()

    box_of = choice(page, LONG_TITLE).bounding_box()
    assert box_of is not None
    assert box_of["x"] + box_of["width"] <= width
    assert box_of["height"] >= 32
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_screen_reader_finds_its_way(page_at: PageAt, shop_url: str) -> None:
    page = page_at(1280)
    page.goto(shop_url)
    expect(launcher(page)).to_have_attribute("aria-expanded", "false")
    launcher(page).click()

    dialog = page.get_by_role("dialog", name="Lamp help")
    expect(dialog.get_by_role("heading", name="Lamp help")).to_be_visible()
    expect(log(page)).to_have_attribute("aria-live", "polite")
    expect(dialog.get_by_role("status").first).to_have_text("You are talking to the assistant")
    for name in ("Close the chat", "Send", "Talk to a human"):
        expect(dialog.get_by_role("button", name=name)).to_be_visible()
    say(page, HOURS)
    expect(log(page)).to_have_text(re.compile(r"You.*Assistant", re.DOTALL))


def test_a_script_in_a_message_is_text(chat: Page) -> None:
    script = "<script>window.harmed = true</script>"
    say(chat, script)

    expect(bodies(chat)).to_have_text([script, "<img src=x onerror='window.harmed = true'> <script>harm()</script>"])
    chat.reload()
    expect(bodies(chat)).to_have_count(2)
    expect(log(chat).locator("script, img")).to_have_count(0)
    assert chat.evaluate("window.harmed") is None


@pytest.mark.parametrize("width", [320, 380])
def test_it_fills_a_narrow_screen_and_leaves_it_again(page_at: PageAt, shop_url: str, width: int) -> None:
    page = page_at(width)
    page.goto(shop_url)
    launcher(page).click()
    dialog = page.get_by_role("dialog")
    dialog.evaluate("each => Promise.all(each.getAnimations().map(animation => animation.finished.then(() => null)))")

    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": width, "height": 800}
    assert dialog.evaluate("each => each.scrollWidth <= each.clientWidth")
    expect(page.locator(".launcher")).to_be_hidden()
    dialog.get_by_role("button", name="Close the chat").click()
    page.locator("#buy").click()


def test_it_leaves_a_wide_page_usable_and_stays_open_on_the_next(page_at: PageAt, shop_url: str) -> None:
    page = page_at(1280)
    page.goto(shop_url)
    launcher(page).click()
    page.locator("#buy").click()
    page.goto(f"{shop_url}/?next")

    expect(page.get_by_role("dialog")).to_be_visible()
    expect(box(page)).not_to_be_focused()


def test_a_human_is_one_press_away(chat: Page, host: MemoryHost) -> None:
    chat.get_by_role("button", name="Talk to a human").click()

    expect(chat.get_by_text("Waiting for a colleague")).to_be_visible()
    expect(chat.get_by_role("button", name="Talk to a human")).to_be_hidden()
    host.set_status("web", address(host), Status(owner="agent", agent_name="Maria"))
    expect(chat.get_by_text("Maria is here")).to_be_visible()
    host.say("web", address(host), HostReply(text="Hello", author="agent", author_name="Maria"))
    expect(log(chat)).to_contain_text("Maria")
    host.set_status("web", address(host), Status(owner="bot"))
    expect(chat.get_by_role("button", name="Talk to a human")).to_be_visible()


def test_looking_it_up_is_said_only_while_it_is_true(chat: Page, host: MemoryHost) -> None:
    looking = chat.get_by_text("Looking it up…")
    say(chat, "Hello")
    expect(bodies(chat)).to_have_count(1)
    expect(looking).to_be_hidden()
    host.set_status("web", address(host), Status(owner="bot", pending=True))
    expect(looking).to_be_visible()
    host.set_status("web", address(host), Status(owner="agent", pending=True))
    expect(looking).to_be_hidden()


def test_feedback_is_sent_once_and_remembered(chat: Page, host: MemoryHost) -> None:
    say(chat, HOURS)
    chat.get_by_role("button", name="Helped", exact=True).click()
    expect(log(chat)).to_contain_text("You marked this as helpful.")
    chat.reload()

    expect(log(chat)).to_contain_text("You marked this as helpful.")
    expect(chat.get_by_role("button", name="Helped", exact=True)).to_be_hidden()
    actions = [inbound.action for inbound in host.accepted if inbound.action]
    assert [(action.name, action.answer_id) for action in actions] == [("helped", 2)]


def test_buttons_speak_the_language_of_the_answer(chat: Page, host: MemoryHost) -> None:
    say(chat, SWEDISH)

    expect(chat.get_by_text("Hjälpte det här?")).to_be_visible()
    expect(chat.get_by_role("button", name="Det hjälpte inte")).to_be_visible()
    chat.get_by_role("button", name="Prata med en människa").click()
    wait_for(host, 2)


def test_a_message_too_long_stays_in_the_box(chat: Page, host: MemoryHost) -> None:
    text = "x" * (LONGEST_TEXT + 1)
    say(chat, text)

    expect(chat.get_by_role("alert")).to_contain_text("longer than 50,000 characters")
    expect(box(chat)).to_have_value(text)
    expect(bodies(chat)).to_have_count(0)
    say(chat, HOURS)
    expect(bodies(chat)).to_have_count(2)
    expect(chat.get_by_role("alert")).to_be_hidden()
    assert len(host.accepted) == 1


def test_too_many_messages_wait_their_turn(page_at: PageAt, host: MemoryHost) -> None:
    channel = WebChannel.from_settings({"messages_per_minute": 6}, host)  # so slowly that none is free at once
    with served(Starlette(routes=channel.routes())) as desk:
        page = page_at(1280)
        page.goto(f"{desk.url}/chat")
        page.get_by_role("button", name="Talk to a human").click()
        expect(page.get_by_text("Waiting for a colleague")).to_be_visible()
        name = f"answerdesk {desk.url}/ token"
        headers = {"Authorization": f"Bearer {page.evaluate('name => localStorage.getItem(name)', name)}"}
        for _ in range(20):
            if httpx.post(f"{desk.url}/chat/actions", headers=headers).status_code == 429:
                break
        else:
            pytest.fail("nothing was held back")
        say(page, HOURS)

        expect(page.get_by_text("Many messages at once. The next one is sent in")).to_be_visible()
        expect(bodies(page)).to_have_count(2)
        expect(page.get_by_text("Many messages at once.")).to_be_hidden()


def test_it_lives_in_a_strict_page_and_neither_changes_the_other(page_at: PageAt, shop_url: str, shop: Shop) -> None:
    page = page_at(1280)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    chat, shop.chat = shop.chat, ""
    page.goto(shop_url)
    looks = (
        "() => ['h1', '#buy', 'p', 'body'].map(each => JSON.stringify(getComputedStyle(document.querySelector(each))))"
    )
    names = "() => Object.keys(window).sort()"
    before = page.evaluate(looks), page.evaluate(names)
    shop.chat = chat
    page.goto(shop_url)
    launcher(page).click()
    say(page, HOURS)
    expect(bodies(page)).to_have_count(2)

    assert complaints == []
    assert (page.evaluate(looks), page.evaluate(names)) == before
    send = page.get_by_role("button", name="Send")
    assert send.evaluate("each => getComputedStyle(each).color") != "rgb(255, 0, 0)"
    assert log(page).evaluate("each => getComputedStyle(each).fontSize") == "15px"
    expect(page.locator("answerdesk-chat")).not_to_have_attribute("title", "Lamp help")  # no tooltip over the chat


def test_keys_pressed_in_the_chat_are_not_the_pages(page_at: PageAt, shop_url: str) -> None:
    page = page_at(1280)
    page.goto(shop_url)
    page.evaluate("document.addEventListener('keydown', () => { window.heard = true })")
    launcher(page).click()
    box(page).press("s")

    assert page.evaluate("window.heard") is None


def test_a_script_tag_alone_is_enough(page_at: PageAt, shop: Shop, shop_url: str, desk: Served) -> None:
    shop.chat = (
        f'<script src="{desk.url}/widget.js" data-title="Lampor" data-language="sv" '
        'data-position="left" data-open></script>'
    )
    page = page_at(1280)
    page.goto(shop_url)

    dialog = page.get_by_role("dialog", name="Lampor")
    expect(dialog.get_by_role("button", name="Prata med en människa")).to_be_visible()
    place = dialog.bounding_box()
    assert place is not None
    assert place["x"] == 24


def test_it_works_where_storage_is_denied(page_at: PageAt, desk: Served) -> None:
    page = page_at(1280)
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, "
        "{ get() { throw new DOMException('denied', 'SecurityError') } })"
    )
    page.goto(f"{desk.url}/chat")
    say(page, HOURS)

    expect(bodies(page)).to_have_count(2)


def test_a_closed_chat_counts_what_came(page_at: PageAt, shop_url: str, host: MemoryHost) -> None:
    page = page_at(1280)
    page.goto(shop_url)
    launcher(page).click()
    say(page, HOURS)
    expect(bodies(page)).to_have_count(2)
    page.keyboard.press("Escape")
    for _ in range(2):
        host.say("web", address(host), HostReply(text="Still there?", author="agent", author_name="Maria"))

    button = page.get_by_role("button", name="Open the chat: Lamp help, 2 new messages")
    expect(button).to_be_visible()
    page.reload()
    expect(button).to_be_visible()
    button.click()
    expect(page.get_by_role("button", name="Close the chat").last).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Open the chat: Lamp help", exact=True)).to_be_visible()


def test_a_long_answer_is_shown_from_its_start(chat: Page) -> None:
    say(chat, LONG)

    expect(bodies(chat).get_by_text("Paragraph 0.")).to_be_in_viewport()
    expect(bodies(chat).get_by_text("Paragraph 59.")).not_to_be_in_viewport()


def test_who_reads_further_up_is_left_there(chat: Page, host: MemoryHost) -> None:
    say(chat, LONG)
    expect(bodies(chat)).to_have_count(2)
    host.say("web", address(host), HostReply(text="One more thing."))

    jump = chat.get_by_role("button", name="New messages")
    expect(jump).to_be_visible()
    expect(chat.get_by_text("One more thing.")).not_to_be_in_viewport()
    jump.click()
    expect(chat.get_by_text("One more thing.")).to_be_in_viewport()
    expect(jump).to_be_hidden()


def ratio(one: str, other: str) -> float:
    """The contrast of two CSS colours, after WCAG 2.2."""

    def luminance(color: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
        red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
#: Every element with words or a picture of its own: its name, its colour and the colour behind it.
SEEN = """chat => [...chat.shadowRoot.querySelectorAll('*')]
  .filter(each => each.checkVisibility())
  .filter(each => each.matches('svg') || [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .map(each => {
    let behind = each;
    while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
    return [each.outerHTML.slice(0, 80), getComputedStyle(each).color, getComputedStyle(behind).backgroundColor];
  })"""
COLORS = ["", "#ffcc00", "#0b6e4f", "black", "white", "#777", "hsl(200 100% 60%)", "nonsense"]


@pytest.mark.parametrize("color", COLORS)
def test_every_text_can_be_read_in_the_owners_colour(page_at: PageAt, shop: Shop, shop_url: str, color: str) -> None:
    shop.chat = shop.chat.replace("<answerdesk-chat ", f'<answerdesk-chat open suggestions="A" color="{color}" ')
    page = page_at(1280)
    page.goto(shop_url)
    say(page, HOURS)
    expect(log(page)).to_contain_text("Did this help?")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        colors = page.locator("answerdesk-chat").evaluate(SEEN)

        assert len(colors) > 10
        assert [(name, scheme) for name, text, behind in colors if ratio(text, behind) < 4.5] == []


def test_nothing_moves_where_motion_is_not_wanted(page_at: PageAt, shop_url: str) -> None:
    page = page_at(1280)
    page.goto(shop_url)
    launcher(page).click()
    animation = "each => getComputedStyle(each).animationName"
    assert page.get_by_role("dialog").evaluate(animation) == "rise"
    page.emulate_media(reduced_motion="reduce")

    assert page.get_by_role("dialog").evaluate(animation) == "none"


def test_a_conversation_the_server_does_not_know_any_more_is_begun_anew(chat: Page, desk: Served) -> None:
    chat.add_init_script(f"localStorage['answerdesk {desk.url}/ token'] ??= 'worn out'")
    chat.reload()
    say(chat, HOURS)

    expect(bodies(chat)).to_have_count(2)
