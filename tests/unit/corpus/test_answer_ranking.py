from datetime import date

import pytest

from corpus.answer_ranking import ForumAnswer, Role, authority, confirmed, rank_answers

TODAY = date(2026, 6, 1)
NEW, RECENT, OLD = date(2026, 5, 1), date(2026, 5, 20), date(2021, 6, 1)


def answer(
    name: str, role: Role = "member", day: date | None = NEW, *, votes: int = 0, accepted: bool = False
) -> ForumAnswer:
    return ForumAnswer(id=name, text=name, role=role, day=day, votes=votes, accepted=accepted)


@pytest.mark.parametrize(
    ("answers", "first"),
    [
        pytest.param([answer("a", accepted=True), answer("b", "official")], "b", id="official before accepted"),
        pytest.param(
            [answer("a", accepted=True, day=OLD, votes=90), answer("b", "official")],
            "b",
            id="a newer official corrects",
        ),
        pytest.param(
            [answer("a", accepted=True), answer("b", "official", OLD)], "b", id="an older official still wins"
        ),
        pytest.param([answer("a", votes=50), answer("b", accepted=True)], "b", id="accepted before votes"),
        pytest.param([answer("a", "expert", votes=9), answer("b", accepted=True)], "b", id="accepted before an expert"),
        pytest.param([answer("a", votes=2), answer("b", votes=3)], "b", id="more votes"),
        pytest.param([answer("a", votes=8, day=OLD), answer("b", votes=3)], "b", id="votes fade with age"),
        pytest.param([answer("a", votes=50, day=OLD), answer("b", votes=3)], "a", id="but many outlast few"),
        pytest.param([answer("a", votes=-2, day=OLD), answer("b", votes=-1)], "b", id="votes against do not fade"),
        pytest.param([answer("a", votes=2), answer("b", "expert")], "b", id="an expert counts three votes"),
        pytest.param([answer("a", votes=4), answer("b", "expert")], "a", id="and no more"),
        pytest.param([answer("a", "official", OLD), answer("b", "official")], "b", id="the newest official"),
        pytest.param(
            [answer("a", "official", NEW, accepted=True), answer("b", "official", RECENT)],
            "a",
            id="a courtesy soon after",
        ),
        pytest.param(
            [answer("a", "official", OLD, accepted=True), answer("b", "official", NEW)],
            "b",
            id="a correction much later",
        ),
        pytest.param([answer("a", day=NEW), answer("b", day=RECENT)], "b", id="equal answers: the newer"),
        pytest.param([answer("a"), answer("b")], "a", id="equal in all: the thread's order"),
        pytest.param([answer("a", votes=3, day=None), answer("b", votes=1)], "b", id="no date is very old"),
    ],
)
def test_the_most_trusted_answer_comes_first(answers: list[ForumAnswer], first: str) -> None:
    ranking = rank_answers(answers, TODAY)
    assert ranking[0].id == first
    assert sorted(a.id for a in ranking) == sorted(a.id for a in answers)


@pytest.mark.parametrize(
    ("more", "less"),
    [
        (answer("a", "official", accepted=True), answer("b", "official")),
        (answer("a", "official"), answer("b", "expert", accepted=True)),
        (answer("a", "expert", accepted=True), answer("b", accepted=True)),
        (answer("a", accepted=True), answer("b", "expert")),
        (answer("a", "expert"), answer("b", votes=99)),
        (answer("a", votes=20), answer("b", votes=2)),
        (answer("a"), answer("b", votes=-1)),
        (answer("a", "official"), answer("b", "official", OLD)),
        (answer("a", votes=5, day=OLD), answer("b", votes=5, day=None)),
    ],
)
def test_authority_follows_role_acceptance_votes_and_age(more: ForumAnswer, less: ForumAnswer) -> None:
    assert 0 < authority(less, TODAY) < authority(more, TODAY) <= 1


def test_the_companys_accepted_word_of_today_is_its_own_word() -> None:
    assert authority(answer("a", "official", TODAY, accepted=True), TODAY) == 1
    assert authority(answer("a", "official", None, accepted=True), TODAY) == pytest.approx(0.6)


def test_a_date_in_the_future_is_today() -> None:
    assert authority(answer("a", day=date(2030, 1, 1)), TODAY) == authority(answer("a", day=TODAY), TODAY)


@pytest.mark.parametrize(
    ("role", "accepted", "stands"),
    [
        ("official", False, True),
        ("official", True, True),
        ("expert", True, True),
        ("expert", False, False),
        ("member", True, False),
        ("member", False, False),
    ],
)
def test_what_the_company_stands_behind(role: Role, accepted: bool, stands: bool) -> None:
    assert confirmed(answer("a", role, accepted=accepted)) is stands
