import asyncio
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape

import httpx
import pytest

from bot.console import case_actions
from bot.conversation.case import HELD, Agent, CaseLine
from bot.conversation.receipt import Part, Receipt
from bot.errors import StoreUnavailable
from bot.services.desk import Desk
from channels.message import LONGEST_TEXT, Attachment, Choice, SourceCard
from retrieval.result import Candidate
from tests.unit.bot.console.conftest import Stage, Visitor

QUESTION = "Where is my parcel?"


def candidate(title: str, text: str, *, url: str | None = None) -> Candidate:
    return Candidate(
        document_id=title,
        passage_id=title,
        title=title,
        headings=("Delivery", "Tracking"),
        text=text,
        kind="article",
        url=url,
        language="en",
        updated=date(2026, 3, 1),
        author=None,
        confirmed=False,
        authority=1.0,
        score=0.714,
    )


RECEIPT = Receipt(
    decision="escalate",
    reason="unsure",
    question=QUESTION,
    confidence=0.619,
    threshold=0.612,
    candidates=(
        candidate("Track a parcel", "Open **Orders**.", url="https://help.example/track"),
        candidate("Lost parcels", "Wait.", url="javascript:alert(1)"),
    ),
)


async def _open(visitor: Visitor, case: int) -> httpx.Response:
    return await visitor.get(f"/console/cases/{case}")


async def _write(visitor: Visitor, case: int, text: str, kind: str = "reply") -> httpx.Response:
    return await visitor.post(f"/console/cases/{case}/lines", key=visitor.hidden("key"), text=text, kind=kind)


async def _said(stage: Stage, case: int, author: str) -> list[str]:
    return [line.text for line in (await stage.desk.case(case)).lines if line.author == author]


async def test_the_queue_tells_waiting_mine_and_others_apart(
    stage: Stage, alva: Agent, bo: Agent, desk_of_alva: Visitor
) -> None:
    now = datetime.now(UTC)
    await stage.desk.escalate("older question", customer="b", opened_at=now - timedelta(hours=1), reason="asked")
    await stage.desk.escalate("newer question", customer="a", opened_at=now)
    mine = await stage.desk.escalate("my question", customer="c", language="sv-SE")
    theirs = await stage.desk.escalate("their question", customer="d")
    await stage.desk.reply(mine, alva, "my reply", key="1")
    await stage.desk.claim(theirs, bo)
    await desk_of_alva.get("/console/")
    order = ["Waiting", "older question", "newer question", "Mine", "my reply", "With others", "their question"]
    places = [desk_of_alva.page.index(text) for text in order]
    assert places == sorted(places)
    assert "<title>(2) Queue" in desk_of_alva.page
    assert "Asked for a human" in desk_of_alva.page
    assert "Swedish" in desk_of_alva.page
    assert desk_of_alva.page.count("Needs a reply") == 1, "Bo's case: nobody has answered it"


async def test_an_empty_desk_says_so(desk_of_alva: Visitor) -> None:
    await desk_of_alva.get("/console/")
    assert "Nobody is waiting" in desk_of_alva.page
    await desk_of_alva.get("/console/?view=closed")
    assert "No case is closed yet." in desk_of_alva.page


async def test_closed_cases_have_their_own_view(stage: Stage, alva: Agent, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate(QUESTION)
    await stage.desk.claim(case, alva)
    await stage.desk.resolve(case, alva, confirmed=True)
    await desk_of_alva.get("/console/")
    assert QUESTION not in desk_of_alva.page
    await desk_of_alva.get("/console/?view=closed")
    assert QUESTION in desk_of_alva.page
    assert "Resolved by Alva" in desk_of_alva.page
    await desk_of_alva.get(f"/console/cases/{case}?view=closed")
    await desk_of_alva.post(f"/console/cases/{case}/reopen")
    assert (await stage.desk.case(case)).state == "claimed"


async def test_a_case_says_what_the_bot_thought(stage: Stage, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate(QUESTION, receipt=RECEIPT)
    await _open(desk_of_alva, case)
    page = unescape(desk_of_alva.page)
    assert "61 % sure; 62 % is needed to answer." in page
    assert '<a href="https://help.example/track"' in page
    assert "Delivery › Tracking" in page
    assert "0.71" in page
    assert "<p>Open <strong>Orders</strong>.</p>" in page
    assert 'data-use="Open **Orders**."' in page
    assert "Lost parcels" in page
    assert "javascript:" not in page


async def test_a_partial_answer_shows_which_question_is_open(stage: Stage, desk_of_alva: Visitor) -> None:
    parts = (
        Part(question="How do I track it?", confidence=0.97, is_answered=True, title="Track a parcel"),
        Part(question="Is <b>Bo</b> in?", confidence=0.1, is_answered=False, title="Lost parcels"),
    )
    receipt = replace(RECEIPT, decision="partial", reason="partial", parts=parts)
    case = await stage.desk.escalate("Is <b>Bo</b> in?", reason="partial", receipt=receipt)
    await _open(desk_of_alva, case)
    shown = " ".join(re.sub(r"<[^>]+>", " ", desk_of_alva.page).split())
    assert "Partly answered" in shown
    assert "Answered How do I track it? from Track a parcel" in shown
    assert "Open Is &lt;b&gt;Bo&lt;/b&gt; in?" in shown
    assert "What it would have said to what is open" in shown


async def test_a_case_shows_which_pages_the_customer_saw_and_what_they_said_to_them(
    stage: Stage, desk_of_alva: Visitor
) -> None:
    pages = tuple(
        replace(candidate(title, "Text."), document_id=name)
        for name, title in (("track", "Track a parcel"), ("lost", "Lost parcels"), ("never", "Never shown"))
    )
    parts = (Part(question="Where is it?", confidence=0.6, is_answered=False, is_suggested=True, title="Lost parcels"),)
    receipt = replace(RECEIPT, reason="not_helped", candidates=pages, offered=("lost",), denied=("track",), parts=parts)
    await _open(desk_of_alva, await stage.desk.escalate(QUESTION, reason="not_helped", receipt=receipt))
    shown = " ".join(re.sub(r"<[^>]+>", " ", desk_of_alva.page).split())
    assert re.search(
        r"Track a parcel .*?The customer said: did not help .*?Lost parcels .*?Shown to the customer", shown
    )
    assert shown.count("Shown to the customer") == 1
    assert "Suggested Where is it? from Lost parcels" in shown


async def test_a_contradiction_names_both_pages(stage: Stage, desk_of_alva: Visitor) -> None:
    receipt = replace(RECEIPT, reason="contradiction", detail="“A” says: 2 days\n“B” says: <i>3</i> days")
    await _open(desk_of_alva, await stage.desk.escalate(QUESTION, reason="contradiction", receipt=receipt))
    assert "Pages contradict each other" in desk_of_alva.page
    assert "“A” says: 2 days\n“B” says: &lt;i&gt;3&lt;/i&gt; days" in desk_of_alva.page


async def test_what_was_offered_and_chosen_stands_in_the_transcript(stage: Stage, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate(QUESTION)
    choices = (Choice(id="1", label="Track a parcel"), Choice(id="2", label="<b>Lost</b>"))
    line = CaseLine(id=900, author="bot", text="Which?", at=datetime.now(UTC), choices=choices, chosen="2")
    await stage.desk.put_line(case, line)
    await _open(desk_of_alva, case)
    assert "<li>Track a parcel</li>" in desk_of_alva.page
    assert '<li class="chosen">Chosen: &lt;b&gt;Lost&lt;/b&gt;</li>' in desk_of_alva.page


def _pressed(visitor: Visitor) -> list[str]:
    return re.findall(r'<button id="verdict-([0-9])"[^>]* aria-pressed="true"', visitor.page)


async def _judged(stage: Stage, case: int) -> tuple[str | None, str] | None:
    verdict = (await stage.desk.case(case)).verdict
    return (verdict.document_id, verdict.agent_name) if verdict else None


async def test_an_agent_says_which_page_answers_and_changes_it_and_takes_it_back(
    stage: Stage, bo: Agent, desk_of_alva: Visitor
) -> None:
    case = await stage.desk.escalate(QUESTION, receipt=RECEIPT)
    await stage.desk.claim(case, bo)  # whoever holds it
    await _open(desk_of_alva, case)
    assert "Which page answers this?" in desk_of_alva.page
    assert re.findall(r'<button id="verdict-[0-9]"[^>]*><span[^>]*>([^<]+)<', desk_of_alva.page) == [
        "Track a parcel",
        "Lost parcels",
        "None of them",
    ]
    assert 'aria-label="Open Track a parcel"' in desk_of_alva.page
    assert 'aria-label="Open Lost parcels"' not in desk_of_alva.page, "a script is no address"
    assert _pressed(desk_of_alva) == []
    path = f"/console/cases/{case}/verdict"
    for page, document in (("2", "Lost parcels"), ("0", None), ("1", "Track a parcel")):
        assert (await desk_of_alva.post(path, page=page)).status_code == 200
        assert await _judged(stage, case) == (document, "Alva")
        assert _pressed(desk_of_alva) == [page]
        assert "<p>Noted.</p>" in desk_of_alva.page
        assert "Said by Alva" in desk_of_alva.page
    await desk_of_alva.post(path, page="")
    assert await _judged(stage, case) is None
    assert _pressed(desk_of_alva) == []
    assert "<p>Taken back.</p>" in desk_of_alva.page
    assert (await stage.desk.case(case)).agent == bo


async def test_undoing_a_verdict_brings_back_the_one_before(stage: Stage, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate(QUESTION, receipt=RECEIPT)
    await _open(desk_of_alva, case)
    path = f"/console/cases/{case}/verdict"
    for page, before in (("2", ""), ("0", "2"), ("1", "0"), ("", "1")):
        await desk_of_alva.post(path, page=page)
        toast = desk_of_alva.page.partition('id="toast"')[2]
        assert f'action="{path}"' in toast
        assert f'name="page" value="{before}"' in toast
    assert desk_of_alva.page.count('id="undo"') == 1
    await desk_of_alva.post(path, page="1")
    assert _pressed(desk_of_alva) == ["1"]
    await desk_of_alva.get(f"/console/cases/{case}?done=claim&was=1")
    assert 'id="undo"' not in desk_of_alva.page


async def test_a_browser_without_scripts_comes_back_to_the_pages_it_judged(stage: Stage, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate(QUESTION, receipt=RECEIPT)
    await _open(desk_of_alva, case)
    form = {"csrf": desk_of_alva.hidden("csrf"), "page": "1"}
    response = await desk_of_alva.client.post(f"/console/cases/{case}/verdict?view=closed", data=form)
    assert response.headers["location"] == f"/console/cases/{case}?view=closed&done=verdict&was=#context"


async def test_a_page_that_was_not_found_cannot_be_said_to_answer(stage: Stage, desk_of_alva: Visitor) -> None:
    case, bare = await stage.desk.escalate(QUESTION, receipt=RECEIPT), await stage.desk.escalate(QUESTION)
    await _open(desk_of_alva, case)
    assert (await desk_of_alva.post(f"/console/cases/{case}/verdict", page="3")).status_code == 400
    assert await _judged(stage, case) is None
    await _open(desk_of_alva, bare)
    assert 'id="verdict"' not in desk_of_alva.page
    for page in ("0", ""):
        assert (await desk_of_alva.post(f"/console/cases/{bare}/verdict", page=page)).status_code == 409
        assert "The bot found no pages for this case." in desk_of_alva.page
    await desk_of_alva.get(f"/console/cases/{bare}?done=verdict&was=")
    assert 'id="undo"' not in desk_of_alva.page


async def test_of_several_questions_it_is_said_which_one_is_judged(stage: Stage, desk_of_alva: Visitor) -> None:
    parts = (
        Part(question="How do I track it?", confidence=0.97, is_answered=True),
        Part(question="Is <b>Bo</b> in?", confidence=0.1, is_answered=False),
    )
    receipt = replace(RECEIPT, decision="partial", reason="partial", searched="Is <b>Bo</b> in?", parts=parts)
    await _open(desk_of_alva, await stage.desk.escalate("Is <b>Bo</b> in?", reason="partial", receipt=receipt))
    assert 'Which page answers <q dir="auto">Is &lt;b&gt;Bo&lt;/b&gt; in?</q>?' in desk_of_alva.page


async def test_an_answer_can_be_used_without_scripts(stage: Stage, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate(QUESTION, receipt=RECEIPT)
    await desk_of_alva.get(f"/console/cases/{case}?use=1")
    assert ">Open **Orders**.</textarea>" in desk_of_alva.page


async def test_the_transcript_shows_sources_feedback_files_and_failures(stage: Stage, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate("  two\n  lines")
    source = SourceCard(title="A thread", kind="answer", url="https://forum.example/1", author="Siv", confirmed=True)
    at = datetime.now(UTC)
    answer = CaseLine(id=900, author="bot", text="Look.", at=at, source=source, helped=False, delivery="sent")
    failed = CaseLine(id=901, author="agent", text="Hi.", at=at, author_name="Bo", delivery="failed", error="gone")
    held = CaseLine(id=903, author="bot", text="So.", at=at, delivery="pending", error=HELD, held_until=at)
    file = Attachment(name="a.pdf", url="file:///etc/passwd")
    await stage.desk.put_line(case, answer)
    await stage.desk.put_line(case, held)
    await stage.desk.put_line(case, failed)
    await stage.desk.put_line(case, CaseLine(id=902, author="customer", text="see", at=at, attachments=(file,)))
    await _open(desk_of_alva, case)
    page = unescape(desk_of_alva.page)
    assert ">  two\n  lines</p>" in page
    assert '<a href="https://forum.example/1"' in page
    assert "said by Siv and confirmed" in page
    assert "did not help" in page
    assert "Not delivered: gone" in page
    assert "Held back by the channel's budget until <time" in page
    assert "a.pdf" in page
    assert "file:" not in page


async def test_the_customers_earlier_cases_are_listed(stage: Stage, alva: Agent, desk_of_alva: Visitor) -> None:
    first = await stage.desk.escalate("First question", customer="a")
    await stage.desk.claim(first, alva)
    await stage.desk.resolve(first, alva, confirmed=True)
    second = await stage.desk.escalate("Second question", customer="a")
    await _open(desk_of_alva, second)
    assert f'<a href="/console/cases/{first}" dir="auto">First question</a>' in desk_of_alva.page


async def test_of_two_agents_who_claim_at_once_one_is_told_who_was_faster(stage: Stage, alva: Agent, bo: Agent) -> None:
    case = await stage.desk.escalate(QUESTION)
    visitors = [await stage.signed_in(alva), await stage.signed_in(bo)]
    for visitor in visitors:
        await _open(visitor, case)
    responses = await asyncio.gather(*(visitor.post(f"/console/cases/{case}/claim") for visitor in visitors))
    assert sorted(response.status_code for response in responses) == [200, 409]
    holder = (await stage.desk.case(case)).agent
    assert holder
    loser = next(visitor for visitor, response in zip(visitors, responses, strict=True) if response.is_error)
    assert f"{holder.name} has already claimed this." in loser.page


@pytest.mark.parametrize(
    ("before", "move", "undo", "after"),
    [
        ([], "claim", "release", "waiting"),
        (["claim"], "resolve", "reopen", "claimed"),
        (["claim"], "hand-back", "reopen", "claimed"),
        (["claim"], "release", "claim", "claimed"),
    ],
)
async def test_a_wrong_press_can_be_undone(
    *, stage: Stage, desk_of_alva: Visitor, before: list[str], move: str, undo: str, after: str
) -> None:
    case = await stage.desk.escalate(QUESTION)
    await _open(desk_of_alva, case)
    for step in [*before, move]:
        assert (await desk_of_alva.post(f"/console/cases/{case}/{step}", confirmed="1")).status_code == 200
    assert case_actions.ACTIONS[move].done in desk_of_alva.page
    assert f'action="/console/cases/{case}/{undo}"' in desk_of_alva.page.partition('id="toast"')[2]
    await desk_of_alva.post(f"/console/cases/{case}/{undo}")
    assert (await stage.desk.case(case)).state == after


async def test_resolving_without_a_reply_asks_for_a_second_press(stage: Stage, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate(QUESTION)
    await _open(desk_of_alva, case)
    await desk_of_alva.post(f"/console/cases/{case}/claim")
    assert (await desk_of_alva.post(f"/console/cases/{case}/resolve")).status_code == 409
    assert "last message has no reply" in unescape(desk_of_alva.page)
    assert "Resolve without a reply" in desk_of_alva.page
    assert '<input type="hidden" name="confirmed" value="1">' in desk_of_alva.page
    assert (await desk_of_alva.post(f"/console/cases/{case}/resolve", confirmed="1")).status_code == 200
    assert (await stage.desk.case(case)).state == "resolved"


async def test_what_cannot_be_done_is_said(stage: Stage, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate(QUESTION)
    await _open(desk_of_alva, case)
    assert (await desk_of_alva.post(f"/console/cases/{case}/resolve")).status_code == 409
    assert "Claim this first." in desk_of_alva.page
    assert (await desk_of_alva.post(f"/console/cases/{case}/reopen")).status_code == 409
    assert (await desk_of_alva.post(f"/console/cases/{case}/dance")).status_code == 404


async def test_a_reply_claims_and_is_sent_once_however_often_the_form_is(
    stage: Stage, alva: Agent, desk_of_alva: Visitor
) -> None:
    case = await stage.desk.escalate(QUESTION)
    await _open(desk_of_alva, case)
    form = {
        "csrf": desk_of_alva.hidden("csrf"),
        "key": desk_of_alva.hidden("key"),
        "text": "It is\r\n**here**.\r\n",
        "kind": "reply",
    }
    for _ in range(3):
        response = await desk_of_alva.client.post(f"/console/cases/{case}/lines", data=form)
        assert response.status_code == 303
    assert await _said(stage, case, "agent") == ["It is\n**here**."]
    assert (await stage.desk.case(case)).agent == alva
    await _open(desk_of_alva, case)
    assert desk_of_alva.hidden("key") != form["key"]
    assert "Being sent" in desk_of_alva.page


async def test_a_note_is_not_for_the_customer(stage: Stage, bo: Agent, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate(QUESTION)
    await stage.desk.claim(case, bo)
    await _open(desk_of_alva, case)
    assert "Bo has claimed this case. You can leave a note." in desk_of_alva.page
    assert 'value="reply"' not in desk_of_alva.page
    await _write(desk_of_alva, case, "Look at the **other** case", "note")
    assert await _said(stage, case, "note") == ["Look at the **other** case"]
    assert await _said(stage, case, "agent") == []
    assert "Look at the **other** case" in desk_of_alva.page


async def test_a_refused_reply_keeps_what_was_typed(stage: Stage, bo: Agent, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate(QUESTION)
    await _open(desk_of_alva, case)
    await stage.desk.claim(case, bo)
    response = await _write(desk_of_alva, case, "A long & careful <reply>")
    assert response.status_code == 409
    assert "Bo has already claimed this." in desk_of_alva.page
    assert ">A long &amp; careful &lt;reply&gt;</textarea>" in desk_of_alva.page
    assert await _said(stage, case, "agent") == []


@pytest.mark.parametrize(
    ("text", "sentence"), [(" \n ", "Write something first."), ("x" * (LONGEST_TEXT + 1), "This is too long")]
)
async def test_a_reply_that_cannot_be_sent_is_refused_by_name(
    stage: Stage, desk_of_alva: Visitor, text: str, sentence: str
) -> None:
    case = await stage.desk.escalate(QUESTION)
    await _open(desk_of_alva, case)
    assert (await _write(desk_of_alva, case, text)).status_code == 422
    assert sentence in desk_of_alva.page
    assert (await stage.desk.case(case)).state == "waiting"


@pytest.mark.parametrize("number", ["99", "99999999999999999999999"])
async def test_a_case_that_is_not_there_is_said(stage: Stage, alva: Agent, number: str) -> None:
    desk_of_alva = await stage.signed_in(alva)
    for path in (f"/console/cases/{number}", f"/console/cases/{number}/lines"):
        assert (await desk_of_alva.get(path)).status_code == 404
        assert f"There is no case {number}." in desk_of_alva.page
    await desk_of_alva.get("/console/")
    assert (await desk_of_alva.post(f"/console/cases/{number}/claim")).status_code == 404


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [(StoreUnavailable, 503, "Nothing can be read or stored"), (RuntimeError, 500, "Something went wrong")],
)
async def test_a_desk_that_breaks_gives_a_page(
    *,
    stage: Stage,
    desk_of_alva: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
    status: int,
    sentence: str,
) -> None:
    async def broken(_desk: Desk) -> None:
        raise error("locked")

    monkeypatch.setattr(type(stage.desk), "queue", broken)
    response = await desk_of_alva.get("/console/")
    assert response.status_code == status
    assert sentence in desk_of_alva.page
    assert "locked" not in desk_of_alva.page
    assert response.headers["content-security-policy"]


async def test_everything_about_a_customer_is_erased_by_one_button_that_has_to_be_opened_first(
    stage: Stage, alva: Agent, desk_of_alva: Visitor
) -> None:
    earlier = await stage.desk.escalate(
        "Is my kaleidoscope lost?", customer="o", customer_name="Ottilia", receipt=RECEIPT
    )
    await stage.desk.claim(earlier, alva)
    await stage.desk.resolve(earlier, alva, confirmed=True)
    case = await stage.desk.escalate(
        "Forget me", reason="forget", customer="o", customer_name="Ottilia", receipt=RECEIPT
    )
    await _open(desk_of_alva, case)
    shown = desk_of_alva.page
    assert shown.index('<details id="erase">') < shown.index('id="candidates"')
    await desk_of_alva.post(f"/console/cases/{case}/erase")
    assert "Erased. The customer will be told." in desk_of_alva.page
    assert "Alva erased everything about this customer." in desk_of_alva.page
    for number in (case, earlier):
        page = (await _open(desk_of_alva, number)).text
        assert "kaleidoscope" not in page
        assert "Ottilia" not in page
        assert "Track a parcel" not in page
        assert '<details id="erase">' not in page
        assert "Everything about this customer was erased." in page
    assert (await stage.desk.case(case)).erased is not None
    closed = (await desk_of_alva.get("/console/?view=closed")).text
    assert re.findall(r'<span class="excerpt"[^>]*>([^<]*)<', closed) == ["Erased", "Erased"]


async def test_a_case_for_another_reason_can_be_erased_too_below_everything_else(
    stage: Stage, desk_of_alva: Visitor
) -> None:
    case = await stage.desk.escalate(QUESTION, receipt=RECEIPT)
    page = (await _open(desk_of_alva, case)).text
    assert page.index('id="about"') < page.index('<details id="erase">')


async def test_what_another_agent_has_or_what_is_closed_cannot_be_erased(
    stage: Stage, desk_of_alva: Visitor, bo: Agent
) -> None:
    case = await stage.desk.escalate(QUESTION)
    await stage.desk.claim(case, bo)
    assert '<details id="erase">' not in (await _open(desk_of_alva, case)).text
    assert (await desk_of_alva.post(f"/console/cases/{case}/erase")).status_code == 409
    assert "Bo has already claimed this." in desk_of_alva.page
    await stage.desk.resolve(case, bo, confirmed=True)
    assert (await desk_of_alva.post(f"/console/cases/{case}/erase")).status_code == 409
    assert (await stage.desk.case(case)).erased is None


async def test_an_erased_case_cannot_be_reopened_or_written_in(stage: Stage, desk_of_alva: Visitor) -> None:
    case = await stage.desk.escalate("Forget me", reason="forget")
    await _open(desk_of_alva, case)
    await desk_of_alva.post(f"/console/cases/{case}/erase")
    for path in ("reopen", "erase", "claim"):
        assert (await desk_of_alva.post(f"/console/cases/{case}/{path}")).status_code == 409
    for kind in ("reply", "note"):
        assert (await _write(desk_of_alva, case, "Dear Ottilia", kind)).status_code == 409
    assert "Everything about this customer was erased." in desk_of_alva.page
