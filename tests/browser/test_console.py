"""The console in a real browser against a real server, over a real desk whose customers a test plays."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, Route, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as HttpRoute

from bot.app import utc_now
from bot.console import create_console
from bot.conversation.receipt import Receipt
from bot.store.engine.database import Database
from channels.testing import Served
from retrieval.result import Candidate
from tests.desk import CustomersDesk, QuickAgents

PageAt = Callable[..., Page]
PASSWORD = "correct horse"
REFUND, PARCEL, INVOICE = "When do I get my refund?", "Where is my parcel?", "Where are my invoices?"
ANSWERS = ("Refunds take **five days**.", "Banks may need longer.")


def _candidate(number: int, text: str) -> Candidate:
    return Candidate(
        document_id=f"d{number}",
        passage_id=f"p{number}",
        title=f"Article {number}",
        headings=(),
        text=text,
        kind="article",
        url=f"https://help.example/{number}",
        language="en",
        updated=date(2026, 3, 1),
        author=None,
        confirmed=False,
        authority=1.0,
        score=0.7,
    )


class Stage:
    """Two agents, three customers who wait, and a way to let customers write while the server runs."""

    def __init__(self, folder: Path) -> None:
        self._url = f"sqlite+aiosqlite:///{folder / 'answerdesk.db'}"
        self._db = Database(self._url)
        self.desk, self.agents = CustomersDesk(self._db, clock=utc_now), QuickAgents(self._db, clock=utc_now)
        self.do(self._begin)
        routes = create_console(self.desk, self.agents, secret="of this test", secure_cookies=False)
        customers = [
            HttpRoute("/asks", self._asks, methods=["POST"]),
            HttpRoute("/writes", self._writes, methods=["POST"]),
        ]
        self.server = Served(Starlette(routes=[*routes, *customers], lifespan=self._closing))

    def do(self, act: Callable[[CustomersDesk, QuickAgents], Awaitable[object]]) -> None:
        """Do something on the same database, whether the server runs or not."""

        async def alone() -> None:
            db = Database(self._url)
            try:
                await db.migrate()
                await act(CustomersDesk(db, clock=utc_now), QuickAgents(db, clock=utc_now))
            finally:
                await db.close()

        with ThreadPoolExecutor(1) as elsewhere:  # the browser has the loop of this thread
            elsewhere.submit(asyncio.run, alone()).result()

    @staticmethod
    async def _begin(desk: CustomersDesk, agents: QuickAgents) -> None:
        now = datetime.now(UTC)
        receipt = Receipt(
            decision="escalate",
            question=REFUND,
            reason="unsure",
            confidence=0.4,
            threshold=0.6,
            candidates=tuple(_candidate(number, text) for number, text in enumerate(ANSWERS, 1)),
        )
        for minutes, question in ((30, REFUND), (20, PARCEL), (10, INVOICE)):
            opened = now - timedelta(minutes=minutes)
            await desk.escalate(question, customer=question, receipt=receipt, opened_at=opened)
        for name in ("alva", "bo"):
            token = await agents.invite()
            await agents.create(token, name=name.title(), email=f"{name}@example.com", password=PASSWORD)

    @asynccontextmanager
    async def _closing(self, _app: Starlette) -> AsyncIterator[None]:
        yield
        await self._db.close()

    async def _asks(self, request: Request) -> Response:
        text = (await request.body()).decode()
        await self.desk.escalate(text, customer=text, language=request.query_params.get("language"))
        return Response()

    async def _writes(self, request: Request) -> Response:
        await self.desk.customer_writes(1, (await request.body()).decode())
        return Response()

    def customer(self, does: str, text: str) -> None:
        assert httpx.post(f"{self.server.url}/{does}", content=text).is_success


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    stage.server.start()
    yield stage
    stage.server.stop()


@pytest.fixture
def sign_in(stage: Stage, page_at: PageAt) -> Iterator[Callable[..., Page]]:
    """`sign_in("bo", 380)`; what a page complains about, the content security policy too, fails the test."""
    complaints: list[str] = []
    pages: list[Page] = []

    def complain(message: ConsoleMessage) -> None:
        refused_request = message.text.startswith("Failed to load resource")  # refusals are part of some tests
        if message.type in {"error", "warning"} and not refused_request:
            complaints.append(message.text)

    def open_page(name: str = "alva", width: int = 1280) -> Page:
        page = page_at(width)
        page.on("console", complain)
        pages.append(page)
        page.goto(f"{stage.server.url}/console/")
        page.get_by_label("E-mail").fill(f"{name}@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("#search")).to_be_visible()  # the scripts are at work
        return page

    yield open_page
    for page in pages:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"
        page.context.close()
    assert complaints == []


@pytest.fixture
def page(sign_in: Callable[..., Page]) -> Page:
    return sign_in()


def rows(page: Page, group: str = "waiting") -> Locator:
    return page.locator(f"#{group}-rows .excerpt")


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text")


def toast(page: Page) -> Locator:
    return page.locator("#toast")


def heading(page: Page) -> Locator:
    return page.locator("#heading")


def said(page: Page, author: str) -> Locator:
    return page.locator(f"#lines .{author} .text")


def open_case(page: Page, question: str = REFUND) -> None:
    page.locator(".row", has_text=question).click()
    expect(said(page, "customer").first).to_have_text(question)


def mark(page: Page) -> None:
    """Leave a trace that a reload would wipe out."""
    page.evaluate("window.notReloaded = true")


def assert_not_reloaded(page: Page) -> None:
    assert page.evaluate("window.notReloaded"), "the page was loaded again"


def test_a_case_opened_while_the_queue_is_on_its_way_stays_marked(page: Page, stage: Stage) -> None:
    held: list[Route] = []
    page.route("**/console/queue*", lambda route: held.append(route), times=1)  # noqa: PLW0108  # Playwright marks it
    with page.expect_request("**/console/queue*"):
        stage.customer("writes", "Anybody there?")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".row[aria-current]")).to_have_count(1)
    with page.expect_response("**/console/queue?&case=1"):  # asked again, now for the case that is open
        held[0].continue_()
    expect(page.locator(".row[aria-current]")).to_have_count(1)


def test_a_case_from_the_queue_to_resolved_by_keys_alone(page: Page) -> None:
    mark(page)
    expect(rows(page)).to_have_text([REFUND, PARCEL, INVOICE])
    expect(page).to_have_title("(3) Queue · answerdesk")
    for key in "jjjk":
        page.keyboard.press(key)
    expect(page.locator(".row:focus .excerpt")).to_have_text(PARCEL)
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(said(page, "customer")).to_have_text([REFUND])
    expect(page.locator(".row[aria-current] .excerpt")).to_have_text(REFUND)

    page.keyboard.press("c")
    expect(heading(page)).to_contain_text("Yours")
    expect(rows(page, "mine")).to_have_text([REFUND])
    expect(rows(page)).to_have_text([PARCEL, INVOICE])
    expect(page).to_have_title("(2) Customer · answerdesk")

    page.keyboard.press("r")
    expect(box(page)).to_be_focused()
    page.keyboard.type("It takes **five** days, e and c are letters.")
    page.keyboard.press("Control+Enter")
    expect(said(page, "agent")).to_have_text(["It takes five days, e and c are letters."])
    expect(page.locator("#lines .agent strong")).to_have_text("five")
    expect(box(page)).to_have_value("")

    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(heading(page)).to_contain_text("Resolved")
    expect(toast(page)).to_contain_text("Resolved.")
    expect(rows(page, "mine")).to_have_count(0)
    page.keyboard.press("u")
    expect(heading(page)).to_contain_text("Yours")
    expect(rows(page, "mine")).to_have_count(1)
    assert_not_reloaded(page)


def test_a_claim_is_undone_from_the_toast_which_goes_by_itself(page: Page) -> None:
    page.clock.install()
    open_case(page)
    page.get_by_role("button", name="Claim").click()
    expect(toast(page)).to_contain_text("You claimed this case.")
    toast(page).get_by_role("button", name="Undo").click()
    expect(heading(page)).to_contain_text("Waiting")
    expect(toast(page)).to_contain_text("Back in the queue.")
    page.mouse.move(5, 5)
    page.clock.run_for(8_100)
    expect(toast(page)).to_be_hidden()


def test_what_the_bot_would_have_said_is_put_behind_what_is_typed(page: Page) -> None:
    open_case(page)
    page.keyboard.press("2")
    expect(box(page)).to_have_value(ANSWERS[1])
    expect(box(page)).to_be_focused()
    box(page).fill("Hello.")
    page.get_by_role("link", name="Use this answer").first.click()
    expect(box(page)).to_have_value(f"Hello.\n\n{ANSWERS[0]}")
    toast(page).get_by_role("button", name="Undo").click()
    expect(box(page)).to_have_value("Hello.")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.get_by_role("button", name="Send reply").click()
    expect(said(page, "agent")).to_have_text(["Hello. Refunds take five days."])
    expect(heading(page)).to_contain_text("Yours")


def test_a_live_update_leaves_typing_focus_selection_and_scroll_alone(stage: Stage, page: Page) -> None:
    open_case(page)
    mark(page)
    for number in range(30):
        stage.customer("writes", f"more {number}")
    expect(said(page, "customer")).to_have_count(31)
    box(page).fill("Dear customer")
    box(page).evaluate("box => box.setSelectionRange(5, 13)")
    page.locator("#transcript").evaluate("transcript => { transcript.scrollTop = 10 }")
    page.evaluate("window.firstLine = document.querySelector('#lines .line')")

    stage.customer("asks", "A new question")
    stage.customer("writes", "and one more thing")
    expect(rows(page)).to_have_text([REFUND, PARCEL, INVOICE, "A new question"])
    expect(page).to_have_title("(4) Customer · answerdesk")
    expect(said(page, "customer").last).to_have_text("and one more thing")

    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("Dear customer")
    assert box(page).evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)") == "customer"
    assert page.locator("#transcript").evaluate("transcript => transcript.scrollTop") == 10
    assert page.evaluate("window.firstLine === document.querySelector('#lines .line')")
    assert_not_reloaded(page)


def test_a_new_message_is_scrolled_to_when_the_end_was_in_sight(stage: Stage, page: Page) -> None:
    open_case(page)
    for number in range(30):
        stage.customer("writes", f"more {number}")
    expect(said(page, "customer").last).to_have_text("more 29")
    expect(said(page, "customer").last).to_be_in_viewport()


def test_focus_stays_in_the_queue_when_the_queue_changes(stage: Stage, page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    focused = page.locator(".row:focus .excerpt")
    expect(focused).to_have_text(PARCEL)
    stage.customer("asks", "A new question")
    expect(rows(page)).to_have_count(4)
    expect(focused).to_have_text(PARCEL)
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.keyboard.press("c")
    expect(rows(page, "mine")).to_have_text([REFUND])
    page.locator("#open-1").focus()
    stage.customer("writes", "the row itself is new")
    expect(rows(page, "mine")).to_have_text(["the row itself is new"])
    expect(focused).to_have_text("the row itself is new")


def test_another_agents_claim_shows_while_one_types(page: Page, sign_in: Callable[..., Page]) -> None:
    open_case(page)
    box(page).fill("My reply")
    other = sign_in("bo")
    open_case(other)
    other.keyboard.press("c")
    expect(heading(page)).to_contain_text("Claimed by Bo")
    expect(page.locator("#kinds")).to_contain_text("Bo has claimed this case. You can leave a note.")
    expect(box(page)).to_have_value("My reply")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(toast(page)).to_contain_text("Only a case of yours can be resolved")


def test_of_two_who_claim_at_once_one_is_told(page: Page, sign_in: Callable[..., Page]) -> None:
    open_case(page)
    page.route("**/console/cases/1/lines*", lambda route: route.abort())  # this page has not heard yet
    page.route("**/console/queue*", lambda route: route.abort())
    other = sign_in("bo")
    open_case(other)
    other.keyboard.press("c")
    expect(heading(other)).to_contain_text("Yours")
    box(page).fill("My reply")
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_role("alert")).to_have_text("Bo has already claimed this.")
    expect(box(page)).to_have_value("My reply")


def test_a_note_looks_and_reads_like_one(page: Page) -> None:
    open_case(page)
    page.keyboard.press("n")
    page.keyboard.type("Called **twice**")
    expect(page.get_by_role("button", name="Send reply")).to_be_hidden()
    page.get_by_role("button", name="Add note").click()
    expect(said(page, "note")).to_have_text(["Called **twice**"])
    expect(page.get_by_role("button", name="Send reply")).to_be_visible()
    expect(heading(page)).to_contain_text("Waiting")


def test_what_is_typed_survives_other_cases_and_a_reload(page: Page) -> None:
    open_case(page)
    page.keyboard.press("n")
    page.keyboard.type("half a note")
    open_case(page, PARCEL)
    expect(box(page)).to_have_value("")
    page.go_back()
    expect(box(page)).to_have_value("half a note")
    page.reload()
    expect(box(page)).to_have_value("half a note")
    expect(page.get_by_role("radio", name="Note")).to_be_checked()


def test_a_lost_connection_is_said_and_nothing_is_lost(stage: Stage, page: Page) -> None:
    open_case(page)
    box(page).fill("My reply")
    stage.server.stop()
    expect(page.locator("#connection")).to_contain_text("Connection lost")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("alert")).to_contain_text("What you wrote is still here")
    expect(box(page)).to_have_value("My reply")
    stage.do(lambda desk, _: desk.customer_writes(1, "written while it was away"))
    stage.server.start()
    expect(said(page, "customer").last).to_have_text("written while it was away")
    expect(page.locator("#connection")).to_be_empty()
    page.get_by_role("button", name="Send reply").click()
    expect(said(page, "agent")).to_have_text(["My reply"])
    expect(page.get_by_role("alert")).to_be_hidden()


#: Keeps what alerts say: the reply that was stored after all comes in as news, and may take the alert's place at once.
ALERTS = """() => {
    window.alerts = [];
    const said = () => Array.from(document.querySelectorAll("[role=alert]"), (each) => each.textContent);
    const watcher = new MutationObserver(() => window.alerts.push(...said()));
    watcher.observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


def test_a_reply_whose_answer_is_lost_is_not_sent_twice(page: Page) -> None:
    open_case(page)
    box(page).fill("My reply")

    def answer_is_lost(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    page.route("**/console/cases/1/lines", answer_is_lost, times=1)
    page.evaluate(ALERTS)
    page.get_by_role("button", name="Send reply").click()
    page.wait_for_function("() => window.alerts.some(text => text.includes('What you wrote is still here'))")
    open_case(page, PARCEL)
    page.go_back()
    expect(box(page)).to_have_value("My reply")
    page.get_by_role("button", name="Send reply").click()
    expect(box(page)).to_have_value("")
    expect(said(page, "agent")).to_have_text(["My reply"])


def test_an_agent_who_was_removed_is_told_and_keeps_the_text(stage: Stage, page: Page) -> None:
    open_case(page)
    box(page).fill("My reply")
    stage.do(lambda _, agents: agents.remove(1))
    stage.customer("writes", "hello")
    expect(page.locator("#connection")).to_contain_text("You are signed out.")
    expect(box(page)).to_have_value("My reply")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("alert")).to_contain_text("You are signed out.")
    page.get_by_role("link", name="Sign in again").click()
    expect(page.get_by_label("Password")).to_be_visible()


def test_the_queue_is_searched_and_the_keys_are_listed(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("my parcel")
    expect(page.locator("#waiting-rows li:visible .excerpt")).to_have_text([PARCEL])
    page.keyboard.press("Enter")
    expect(page.locator(".row:focus .excerpt")).to_have_text(PARCEL)
    page.keyboard.press("/")
    page.keyboard.type(" nowhere")
    expect(page.get_by_text("No case here has these words.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#waiting-rows li:visible")).to_have_count(3)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Next and previous case")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_escape_closes_the_case(page: Page) -> None:
    open_case(page)
    page.keyboard.press("Escape")
    expect(page.get_by_text("No case is open")).to_be_visible()


def test_closed_cases_open_in_their_own_view(page: Page) -> None:
    open_case(page)
    page.keyboard.press("c")
    expect(heading(page)).to_contain_text("Yours")
    page.keyboard.press("e")
    expect(heading(page)).to_contain_text("Resolve without a reply")
    page.keyboard.press("e")
    expect(heading(page)).to_contain_text("Resolved")
    page.get_by_role("link", name="Closed").click()
    open_case(page)
    expect(rows(page, "closed")).to_have_text([REFUND])
    page.get_by_role("button", name="Reopen").click()
    expect(rows(page, "mine")).to_have_text([REFUND])


async def _bo_resolves_the_first(desk: CustomersDesk, agents: QuickAgents) -> None:
    bo = await agents.sign_in("bo@example.com", PASSWORD)
    await desk.claim(1, bo)
    await desk.resolve(1, bo, confirmed=True)


def test_one_column_at_a_time_on_a_phone(stage: Stage, sign_in: Callable[..., Page]) -> None:
    page = sign_in("alva", 380)
    queue, conversation, context = (page.locator(name) for name in ("#queue", "#conversation", "#context"))
    expect(conversation).to_be_hidden()
    open_case(page)
    expect(queue).to_be_hidden()
    expect(conversation).to_be_focused()
    page.get_by_role("link", name="Why and what it would have said").click()
    expect(conversation).to_be_hidden()
    context.get_by_role("link", name="Use this answer").first.click()
    expect(context).to_be_hidden()
    expect(box(page)).to_have_value(ANSWERS[0])
    page.get_by_role("link", name="Queue").click()
    expect(queue).to_be_visible()
    expect(conversation).to_be_hidden()
    stage.do(_bo_resolves_the_first)
    stage.customer("asks", REFUND)
    page.locator("#open-4").click()
    page.get_by_role("link", name="Why and what it would have said").click()
    context.get_by_role("link", name=REFUND).click()
    expect(page).to_have_url(re.compile("/cases/1$"))
    expect(conversation).to_be_visible()
    expect(context).to_be_hidden()


def test_times_are_relative_and_exact_on_hover_and_go_on(page: Page) -> None:
    time = page.locator("#waiting-rows time").first
    expect(time).to_have_text("30 mins")
    assert "Waiting since" in (time.get_attribute("title") or "")
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=2))
    page.reload()
    expect(time).to_have_text("2 hrs")


def pages(page: Page) -> Locator:
    return page.locator("#verdict")


def pressed(page: Page) -> Locator:
    return pages(page).locator("[aria-pressed=true]")


@pytest.mark.parametrize("width", [1280, 380])
def test_which_page_answers_is_said_by_one_press_and_changed_and_undone(
    sign_in: Callable[..., Page], width: int
) -> None:
    page = sign_in(width=width)
    open_case(page)
    mark(page)
    if width == 380:
        page.get_by_role("link", name="Why and what it would have said").click()
    pages(page).get_by_role("button", name="Article 2").click()
    expect(pressed(page)).to_have_text("Article 2")
    expect(pressed(page)).to_be_focused()
    expect(pages(page)).to_contain_text("Said by Alva")
    expect(toast(page)).to_contain_text("Noted.")
    pages(page).get_by_role("button", name="None of them").click()
    expect(pressed(page)).to_have_text("None of them")
    toast(page).get_by_role("button", name="Undo").click()
    expect(pressed(page)).to_have_text("Article 2")
    pages(page).get_by_role("button", name="Take back").click()
    expect(pressed(page)).to_have_count(0)
    expect(toast(page)).to_contain_text("Taken back.")
    expect(pages(page).get_by_role("link", name="Open Article 2")).to_be_visible()
    assert pages(page).evaluate("region => region.scrollWidth <= region.clientWidth")
    assert "was" not in page.url
    assert_not_reloaded(page)


@pytest.mark.parametrize("width", [1280, 380])
def test_the_pages_are_judged_by_keys_alone(sign_in: Callable[..., Page], width: int) -> None:
    page = sign_in(width=width)
    open_case(page)
    page.keyboard.press("w")
    expect(pages(page).get_by_role("button", name="Article 1")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(pressed(page)).to_have_text("Article 2")
    expect(pressed(page)).to_be_focused()
    page.keyboard.press("u")
    expect(pressed(page)).to_have_count(0)


def test_another_agents_verdict_shows_and_leaves_typing_alone(page: Page, sign_in: Callable[..., Page]) -> None:
    open_case(page)
    box(page).fill("My reply")
    other = sign_in("bo")
    open_case(other)
    pages(other).get_by_role("button", name="Article 1").click()
    expect(pages(page)).to_contain_text("Said by Bo")
    expect(pressed(page)).to_have_text("Article 1")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("My reply")


def test_a_verdict_that_cannot_be_sent_is_said_where_it_is_seen(stage: Stage, sign_in: Callable[..., Page]) -> None:
    page = sign_in(width=380)
    open_case(page)
    page.get_by_role("link", name="Why and what it would have said").click()
    stage.server.stop()
    pages(page).get_by_role("button", name="Article 1").click()
    expect(toast(page)).to_contain_text("The server can't be reached.")
    expect(pressed(page)).to_have_count(0)
    stage.server.start()


def test_the_queue_is_filtered_by_language_from_the_keyboard_and_the_address_keeps_it(stage: Stage, page: Page) -> None:
    stage.customer("asks?language=sv", "Var är mitt paket?")
    stage.customer("asks?language=de", "Wo ist mein Paket?")
    expect(rows(page)).to_have_count(5)
    open_case(page)
    mark(page)
    box(page).fill("half a reply")
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    choice = page.get_by_role("combobox", name="Language")
    expect(choice).to_be_focused()
    choice.select_option("sv")
    expect(rows(page)).to_have_text(["Var är mitt paket?"])
    expect(page).to_have_url(re.compile(r"/console/cases/1\?language=sv$"))
    expect(choice).to_be_focused()
    expect(box(page)).to_have_value("half a reply")
    stage.customer("asks?language=sv", "Var är min faktura?")
    stage.customer("asks?language=de", "Wo ist meine Rechnung?")
    expect(rows(page)).to_have_text(["Var är mitt paket?", "Var är min faktura?"])
    page.get_by_role("button", name="Send reply").click()
    expect(said(page, "agent")).to_have_text(["half a reply"])
    expect(page).to_have_url(re.compile(r"/console/cases/1\?language=sv$"))
    page.go_back()
    expect(rows(page)).to_have_count(6)
    page.go_forward()
    expect(rows(page)).to_have_count(2)
    assert_not_reloaded(page)
    page.reload()
    expect(rows(page)).to_have_count(2)


@pytest.mark.parametrize(
    ("language", "claim", "minutes", "nothing"),
    [
        ("sv", "Ta ärendet", "30 min", "Det finns inget att ångra."),
        ("de", "Übernehmen", "30 Min.", "Es gibt nichts rückgängig zu machen."),
        ("es", "Tomar el caso", "30 min", "No hay nada que deshacer."),
        ("fr", "Prendre en charge", "30 min", "Il n’y a rien à annuler."),
    ],
)
def test_an_agent_chooses_the_language_of_the_console_and_works_in_it_on_a_phone(
    sign_in: Callable[..., Page], language: str, claim: str, minutes: str, nothing: str
) -> None:
    page = sign_in(width=390)
    page.get_by_role("link", name="Alva").click()
    page.locator("select").select_option(language)
    page.get_by_role("button", name="Save").click()
    page.locator("main a").click()
    expect(page.locator(".row time").first).to_have_text(minutes)
    page.keyboard.press("u")
    expect(toast(page)).to_have_text(nothing)
    page.locator(".row").first.click()
    page.get_by_role("button", name=claim).click()
    expect(page.locator("#toast #undo")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
