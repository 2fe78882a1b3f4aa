import pytest
from slack_sdk.signature import SignatureVerifier

from channels.slack.webhook import rejection_reason, signature_of

SECRET, NOW, BODY = "a secret", 1_700_000_000.0, '{"text": "åäö"}'


def headers(timestamp: str = "1700000000", signature: str | None = None) -> dict[str, str]:
    signed = signature_of(SECRET, timestamp, BODY.encode()) if signature is None else signature
    return {"x-slack-request-timestamp": timestamp, "x-slack-signature": signed}


def test_it_is_the_signature_that_slack_makes() -> None:
    made = SignatureVerifier(SECRET).generate_signature(timestamp="1700000000", body=BODY)
    assert made == signature_of(SECRET, "1700000000", BODY.encode())


@pytest.mark.parametrize("timestamp", ["1700000000", "1699999701", "1700000299"])
def test_what_slack_signed_within_five_minutes_is_taken(timestamp: str) -> None:
    assert rejection_reason(SECRET, headers(timestamp), BODY.encode(), now=NOW) is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "unsigned"),
        ({"x-slack-signature": "v0=1"}, "unsigned"),
        (headers("1699999699"), "timestamp"),
        (headers("1700000301"), "timestamp"),
        (headers("soon"), "timestamp"),
        (headers("-1"), "timestamp"),
        (headers("１７０００００００"), "timestamp"),
        (headers("9" * 400), "timestamp"),
        (headers(signature="v0=" + "0" * 64), "signature"),
        (headers(signature="å"), "signature"),
    ],
)
def test_what_slack_did_not_sign_is_refused(given: dict[str, str], why: str) -> None:
    assert rejection_reason(SECRET, given, BODY.encode(), now=NOW) == why


def test_another_body_or_another_secret_is_refused() -> None:
    assert rejection_reason(SECRET, headers(), b"{}", now=NOW) == "signature"
    assert rejection_reason("another", headers(), BODY.encode(), now=NOW) == "signature"
    assert rejection_reason(SECRET, headers(), b"\xff\xfe", now=NOW) == "signature"
