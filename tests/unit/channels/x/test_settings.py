from pathlib import Path
from typing import Any

import pytest

from channels.channel import SendLimit
from channels.errors import BadSettings
from channels.testing.x.credentials import Keys
from channels.x.quotas import DAY, MONTH, QUARTER, limits
from channels.x.settings import XSettings

GOOD: dict[str, Any] = {"account_id": "12", **Keys("12").settings()}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"account_id": "help"}, "account_id"),
        ({"account_id": None}, "account_id"),
        ({"mode": "carrier pigeon"}, "mode"),
        ({"acess_token": "secret-thing"}, "acess_token"),
        ({"access_token": None}, "access_token"),
        ({"access_token_secret": None}, "access_token_secret"),
        ({"access_token": None, "client_id": "secret-thing"}, "token_file"),
        ({"access_token": None, "client_id": "c", "token_file": Path("t"), "consumer_secret": None}, "consumer_secret"),
        ({"mode": "stream", "bearer_token": None}, "bearer_token"),
        ({"base_url": "api.x.com"}, "base_url"),
        ({"daily_budget": 0.001}, "daily_budget"),
        ({"price_per_send": -1}, "price_per_send"),
    ],
)
def test_what_is_wrong_is_named_and_no_secret_is_shown(change: dict[str, Any], named: str) -> None:
    section = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    with pytest.raises(BadSettings, match=rf"channels\.x\.{named}: ") as refused:
        XSettings.read(section)
    assert "secret-thing" not in str(refused.value)
    assert "made-up" not in str(refused.value)


def test_secrets_print_as_stars() -> None:
    assert "made-up" not in repr(XSettings.read(GOOD))


def test_the_platforms_limits_are_kept() -> None:
    assert limits(XSettings.read(GOOD)) == (SendLimit(count=15, seconds=QUARTER), SendLimit(count=1440, seconds=DAY))


def test_money_is_counted_as_the_messages_it_buys() -> None:
    prices = {"price_per_send": 0.02, "price_per_read": 0.01, "daily_budget": 0.3, "monthly_budget": 6}
    assert limits(XSettings.read(GOOD | prices))[2:] == (
        SendLimit(count=10, seconds=DAY),
        SendLimit(count=200, seconds=MONTH),
    )
    polling = limits(XSettings.read(GOOD | prices | {"mode": "polling"}))
    assert polling[2:] == (SendLimit(count=7, seconds=DAY), SendLimit(count=150, seconds=MONTH))


def test_what_costs_nothing_is_not_limited_by_money() -> None:
    free = {"price_per_send": 0, "price_per_read": 0, "daily_budget": 1}
    assert limits(XSettings.read(GOOD | free))[2].count > 1_000_000
