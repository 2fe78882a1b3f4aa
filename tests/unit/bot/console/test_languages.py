"""Whose cases an agent sees first, the filter of the queue, and the language of the console itself."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from bot.app import utc_now
from bot.console.queue_view import View, assign, open_groups
from bot.console.translations import HERE, LANGUAGES, catalogue
from bot.conversation.case import Agent, QueueItem
from bot.conversation.receipt import Part, Receipt
from bot.errors import StoreUnavailable
from bot.services.agents import Invitation
from tests.desk import CustomersDesk
from tests.unit.bot.console.conftest import PASSWORD, Stage, Visitor
from tests.unit.bot.console.test_case_views import RECEIPT

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TRANSLATED = sorted(set(LANGUAGES) - {"en"})
CODES = st.sampled_from(["en", "sv", "de"])


def _item(number: int, language: str | None, minutes: int) -> QueueItem:
    opened = NOW - timedelta(minutes=minutes)
    return QueueItem(
        escalation_id=number,
        conversation_id=number,
        state="waiting",
        reason="asked",
        question="?",
        last_text="?",
        last_at=opened,
        unanswered=True,
        channel="web",
        opened_at=opened,
        language=language,
    )


@given(
    st.lists(st.frozensets(CODES, max_size=2), min_size=1, max_size=4),
    st.lists(st.tuples(st.none() | CODES | st.just("ja"), st.integers(min_value=0, max_value=60)), max_size=8),
    st.integers(min_value=0, max_value=30),
)
def test_every_waiting_case_is_in_somebodys_queue_and_in_everybodys_filter(
    team: list[frozenset[str]], waiting: list[tuple[str | None, int]], wait: int
) -> None:
    agents = [Agent(id=n, name=str(n), email=str(n), languages=tuple(sorted(each))) for n, each in enumerate(team)]
    items = [_item(number, language, minutes) for number, (language, minutes) in enumerate(waiting)]
    seen = set()
    for agent in agents:
        assigned = assign(items, agent, agents, now=NOW, wait=timedelta(minutes=wait))
        assert len(assigned.now) + len(assigned.overdue) + len(assigned.later) == len(items)
        seen |= {row.item for group in open_groups(items, agent, View(), assigned) for row in group.rows}
        everything = open_groups(items, agent, View(language="all"), assigned)
        assert [row.item for group in everything for row in group.rows] == items
        for item in items:
            chosen = open_groups(items, agent, View(language=item.language or "all"), assigned)
            assert item in [row.item for group in chosen for row in group.rows]
    assert seen == set(items)


async def _team(stage: Stage) -> tuple[Visitor, Visitor]:
    """Alva reads Swedish, Bo English; both are at work."""
    desks = []
    for name, language in (("Alva", "sv"), ("Bo", "en")):
        token = await stage.agents.invite(Invitation(languages=(language,)))
        agent = await stage.agents.create(token, name=name, email=f"{name}@example.com", password=PASSWORD)
        await stage.agents.touch(agent.id)
        desks.append(await stage.signed_in(agent))
    return desks[0], desks[1]


def _rows(visitor: Visitor, group: str = "waiting") -> list[str]:
    found = re.search(rf'<ol class="rows" id="{group}-rows".*?</ol>', visitor.page, re.DOTALL)
    return re.findall(r'<span class="excerpt"[^>]*>([^<]*)<', found[0]) if found else []


async def test_a_case_is_offered_first_to_who_reads_it_and_later_to_everybody(stage: Stage) -> None:
    now = datetime.now(UTC)
    await stage.desk.escalate("en gammal fråga", customer="b", language="sv", opened_at=now - timedelta(minutes=11))
    await stage.desk.escalate("en färsk fråga", customer="a", language="sv-SE", opened_at=now)
    await stage.desk.escalate("a fresh question", customer="c", language="en", opened_at=now)
    await stage.desk.escalate("eine frische Frage", customer="d", language="de", opened_at=now)
    alva, bo = await _team(stage)
    await alva.get("/console/")
    assert _rows(alva) == ["en gammal fråga", "en färsk fråga", "eine frische Frage"]
    assert "1 more waits for agents who read its language." in alva.page
    await bo.get("/console/")
    assert _rows(bo) == ["a fresh question", "eine frische Frage"], "nobody reads German: both are offered it"
    assert _rows(bo, "other-languages") == ["en gammal fråga"]
    assert "<title>(3) Queue" in bo.page


async def test_any_case_is_found_by_the_filter_and_can_be_claimed(stage: Stage) -> None:
    case = await stage.desk.escalate("en färsk fråga", language="sv")
    _, bo = await _team(stage)
    await bo.get("/console/")
    assert _rows(bo) == []
    for language in ("sv", "all"):
        await bo.get(f"/console/?language={language}")
        assert _rows(bo) == ["en färsk fråga"]
        assert f'<option value="{language}" selected>' in bo.page
    await bo.get(f"/console/cases/{case}?language=sv")
    response = await bo.post(f"/console/cases/{case}/claim?language=sv")
    assert response.url.query == b"language=sv&done=claim"
    assert _rows(bo, "mine") == ["en färsk fråga"]


async def test_the_filter_is_for_closed_cases_too_and_stays_in_every_address(stage: Stage, alva: Agent) -> None:
    desk = await stage.signed_in(alva)
    for text, language in (("fråga", "sv"), ("question", "en")):
        case = await stage.desk.escalate(text, customer=text, language=language)
        await stage.desk.claim(case, alva)
        await stage.desk.resolve(case, alva, confirmed=True)
    await desk.get("/console/?view=closed&language=sv")
    assert _rows(desk, "closed") == ["fråga"]
    page = unescape(desk.page)
    assert 'href="/console/?language=sv"' in page, "the open cases"
    assert 'href="/console/cases/1?view=closed&language=sv"' in page
    await desk.get("/console/?view=closed&language=de")
    assert "No closed case is in this language." in desk.page
    await desk.get("/console/cases/1?view=closed&language=sv")
    response = await desk.post("/console/cases/1/reopen?view=closed&language=sv")
    assert response.url.query == b"language=sv&done=reopen"


@pytest.mark.parametrize("language", ["%22%3E%3Cscript%3E", "../", "sv%26view=closed"])
async def test_a_language_that_is_none_is_not_taken(stage: Stage, alva: Agent, language: str) -> None:
    desk = await stage.signed_in(alva)
    assert (await desk.get(f"/console/?language={language}")).status_code == 200
    assert 'data-query=""' in desk.page


async def test_an_agent_changes_their_languages_and_that_of_the_console(stage: Stage, alva: Agent) -> None:
    desk = await stage.signed_in(alva)
    await desk.get("/console/profile")
    form = {"csrf": desk.hidden("csrf"), "languages": ["sv", "xx", "en"], "console_language": "sv"}
    assert (await desk.client.post("/console/profile", data=form)).status_code == 303
    changed = await stage.agents.get(alva.id)
    assert changed is not None
    assert (changed.languages, changed.console_language) == (("en", "sv"), "sv")
    await desk.get("/console/profile?saved")
    assert '<html lang="sv">' in desk.page
    assert "Sparat." in desk.page
    await desk.get("/console/nowhere")
    assert "Den sidan finns inte i konsolen." in desk.page
    await desk.get("/console/profile")
    await desk.post("/console/profile", console_language="")
    assert '<html lang="en">' in desk.page
    assert (await stage.agents.get(alva.id)) == alva


async def test_a_choice_on_another_device_counts_here(stage: Stage, alva: Agent) -> None:
    desk = await stage.signed_in(alva)
    await stage.agents.edit(alva.id, languages=(), console_language="fr")
    await desk.get("/console/")
    assert '<html lang="fr">' in desk.page


async def test_who_is_not_signed_in_chooses_too_and_keeps_it(stage: Stage, alva: Agent) -> None:
    visitor = await stage.visitor()
    visitor.client.headers["Accept-Language"] = "de-AT, en;q=0.5"
    await visitor.get("/console/sign-in")
    assert "<h1>Anmelden</h1>" in visitor.page
    await visitor.get("/console/sign-in?next=/console/cases/1&language=es")
    assert "<h1>Iniciar sesión</h1>" in visitor.page
    assert visitor.hidden("next") == "/console/cases/1"
    await visitor.post("/console/sign-in", email=alva.email, password="not this one", next="/console/")
    assert "El correo y la contraseña no coinciden." in visitor.page
    await visitor.post("/console/sign-in", email=alva.email, password=PASSWORD, next="/console/")
    assert '<html lang="es">' in visitor.page


async def test_an_invitation_suggests_the_name_and_keeps_its_token_in_every_language(stage: Stage) -> None:
    visitor, token = await stage.visitor(), await stage.agents.invite(Invitation(name="Cleo", languages=("sv",)))
    await visitor.get(f"/console/invite?token={token}&language=sv")
    assert 'name="name" value="Cleo"' in visitor.page
    assert visitor.hidden("token") == token
    assert f"/console/invite?token={token}&amp;language=fr" in visitor.page.replace("&language", "&amp;language")


async def _pages(stage: Stage, language: str) -> list[str]:
    """Much of what an agent can see."""
    token = await stage.agents.invite()
    alva = await stage.agents.create(token, name="Alva", email="alva@example.com", password=PASSWORD)
    visitor = await stage.visitor()
    visitor.client.headers["Accept-Language"] = language
    pages = []
    for path in ("sign-in", f"invite?token={await stage.agents.invite()}", "invite?token=none"):
        await visitor.get(f"/console/{path}")
        pages.append(visitor.page)
    await visitor.sign_in(alva.email)
    parts = (
        Part(question="?", confidence=0.9, is_answered=True),
        Part(question="?", confidence=0.1, is_answered=False),
    )
    await stage.desk.escalate("?", customer="a", receipt=RECEIPT, language="sv")
    receipt = Receipt(decision="partial", question="?", reason="partial", confidence=0.4, threshold=1.01, parts=parts)
    closed = await stage.desk.escalate("?", customer="b", reason="partial", receipt=receipt)
    await stage.desk.note(closed, alva, "!", key="n")
    await stage.desk.reply(closed, alva, "!", key="r")
    await stage.desk.resolve(closed, alva, confirmed=True)
    for path in ("", "?view=closed", "cases/1", "cases/2?done=resolve", "profile?saved", "cases/99"):
        await visitor.get(f"/console/{path}")
        pages.append(visitor.page)
    await visitor.get("/console/cases/1")
    for path, fields in (
        ("lines", {"text": "", "key": "k"}),
        ("release", {}),
        ("claim", {}),
        ("verdict", {"page": "1"}),
    ):
        await visitor.post(f"/console/cases/1/{path}", **fields)
        pages.append(visitor.page)
    return pages


@pytest.mark.parametrize("language", TRANSLATED)
async def test_no_page_shows_a_sentence_of_another_language(stage: Stage, language: str) -> None:
    with (HERE / "translations" / f"{language}.po").open("rb") as source:
        english = {
            m.id for m in read_po(source) if isinstance(m.id, str) and len(m.id.split()) > 2 and m.id != m.string
        }
    words = re.compile(r"\s+")
    for page in await _pages(stage, language):
        assert f'<html lang="{language}">' in page
        shown = words.sub(" ", unescape(re.sub(r"<meta name=.words.[^>]*>|<[^>]+>", " ", page)))
        assert [text for text in english if text in shown] == []


async def test_a_refusal_is_told_in_the_agents_language(stage: Stage, alva: Agent, bo: Agent) -> None:
    case = await stage.desk.escalate("?")
    await stage.desk.claim(case, bo)
    await stage.agents.edit(alva.id, languages=(), console_language="de")
    desk = await stage.signed_in(alva)
    await desk.get(f"/console/cases/{case}")
    await desk.post(f"/console/cases/{case}/resolve")
    assert catalogue("de").gettext("%(name)s has already claimed this.", name="Bo") in desk.page


class AwayDesk(CustomersDesk):
    """A desk whose database is away."""

    async def queue(self) -> list[QueueItem]:
        raise StoreUnavailable("away")


async def test_an_outage_is_told_in_the_agents_language(stage: Stage, alva: Agent) -> None:
    stage.desk = AwayDesk(stage.db, clock=utc_now)
    stage.app = stage.console()
    await stage.agents.edit(alva.id, languages=(), console_language="sv")
    visitor = await stage.visitor()
    await visitor.sign_in(alva.email)
    assert "Just nu går det inte att läsa eller spara något." in visitor.page
