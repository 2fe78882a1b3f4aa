"""A customer and an agent in two pages, from the question to the human reply, over the real server and index."""

import re
from collections.abc import Callable
from pathlib import Path

import yaml
from playwright.sync_api import Page, expect

from bot.testing import ScriptedPage as ShelfPage
from tests.acceptance.conftest import Server, sample_index, server  # noqa: F401  # fixtures
from tests.acceptance.stage import staged

TABLE = yaml.safe_load((Path(__file__).parents[1] / "acceptance" / "dialogues.yaml").read_text("utf-8"))
PAGES = [ShelfPage(**page) for page in TABLE["pages"]]
PageAt = Callable[..., Page]


def say(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Write a message")
    box.fill(text)
    box.press("Enter")


def become_agent(page: Page, invitation: str) -> None:
    page.goto(invitation)
    page.get_by_label("Name").fill("Alva Ek")
    page.get_by_label("E-mail").fill("alva@example.com")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_label("Password again").fill("correct horse battery")
    page.get_by_role("button", name="Start").click()


def test_from_a_customers_question_to_a_human_reply(
    page_at: PageAt,
    server: Callable[..., Server],  # noqa: F811
) -> None:
    running = server()
    customer, agent = page_at(1280), page_at(1280)
    become_agent(agent, running.invitation)
    expect(agent.locator("#waiting-rows .excerpt")).to_have_count(0)

    customer.goto(f"{running.url}/chat")
    log = customer.get_by_role("log")
    say(customer, "How do I reset my hub?")
    expect(log.get_by_role("link", name="Restart or reset the hub")).to_be_visible()
    expect(log.get_by_text("Pull out the hub's power plug")).to_be_visible()

    say(customer, "What is the capital of France?")
    expect(log.get_by_text("I've passed it to a colleague")).to_be_visible()
    say(customer, "<b>It is urgent</b>")

    agent.get_by_text("What is the capital of France?").or_(agent.get_by_text("<b>It is urgent</b>")).first.click()
    expect(agent.get_by_text("Not sure enough").first).to_be_visible()
    expect(agent.get_by_text("<b>It is urgent</b>").first).to_be_visible()
    reply = agent.get_by_role("textbox", name="Text")
    reply.fill("No, **only lamps**. <script>harm()</script>")
    reply.press("Control+Enter")

    expect(log.get_by_text("only lamps")).to_be_visible()
    expect(log.locator("strong", has_text="only lamps")).to_be_visible()
    expect(log.get_by_text("<script>harm()</script>")).to_be_visible()
    expect(customer.get_by_text("Alva Ek is here")).to_be_visible()

    say(customer, "Thank you, Alva")
    expect(agent.get_by_text("Thank you, Alva").last).to_be_visible()
    agent.get_by_role("button", name=re.compile("Resolve")).click()
    expect(customer.get_by_text("You are talking to the assistant")).to_be_visible()
    say(customer, "Can I return a lamp I have already used?")
    expect(log.get_by_role("link", name="Return a lamp you have already used")).to_be_visible()

    customer.reload()
    expect(log.get_by_text("only lamps")).to_have_count(1)
    expect(log.get_by_role("link", name="Return a lamp you have already used")).to_have_count(1)


def test_from_choices_and_several_questions_to_what_the_agent_sees(page_at: PageAt, tmp_path: Path) -> None:
    with staged(tmp_path, PAGES) as (stage, _):
        customer, agent = page_at(380), page_at(1280)
        become_agent(agent, f"{stage.url}/console/invite?token={stage.run(stage.app.agents.invite())}")
        customer.goto(f"{stage.url}/chat")
        log = customer.get_by_role("log")
        say(customer, "How do I return it?")
        log.get_by_role("button", name="Return a gift").click()
        expect(log.get_by_text("Whoever has the receipt")).to_be_visible()
        for label in ("Return a gift", "Return a bike"):
            expect(log.get_by_role("button", name=label)).to_be_disabled()

        log.get_by_role("button", name="Didn't help").click()
        expect(log.get_by_role("button", name="Yes, pass it to a human")).to_be_enabled()
        say(customer, "How do I charge the battery? Also, do you sell toasters?")
        expect(log.get_by_role("link", name="Charge the battery")).to_be_visible()
        expect(log.get_by_text("passed it to a colleague")).to_be_visible()
        expect(log.get_by_role("button", name="Yes, pass it to a human")).to_be_disabled()

        agent.get_by_text("Also, do you sell toasters?").first.click()
        context = agent.get_by_role("complementary", name="Context")
        expect(context.get_by_role("listitem").filter(has_text="Answered")).to_contain_text(
            "How do I charge the battery?"
        )
        expect(context.get_by_role("listitem").filter(has_text="Open")).to_have_text("Open Also, do you sell toasters?")
        expect(agent.get_by_role("log").get_by_text("Chosen: Return a gift")).to_be_visible()
