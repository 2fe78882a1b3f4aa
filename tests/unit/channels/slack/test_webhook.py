import pytest
from slack_sdk.signature import Clock, SignatureVerifier

from channels.slack.webhook import rejection_reason

SECRET, NOW, BODY = "a secret", 1_700_000_000.0, '{"text": "åäö"}'.encode()


class Stopped(Clock):
    def now(self) -> float:
        return NOW


VERIFIER = SignatureVerifier(SECRET, Stopped())


def headers(timestamp: str = "1700000000", signature: str | None = None) -> dict[str, str]:
    signed = VERIFIER.generate_signature(timestamp=timestamp, body=BODY) if signature is None else signature
    return {"x-slack-request-timestamp": timestamp, "x-slack-signature": str(signed)}


@pytest.mark.parametrize("timestamp", ["1700000000", "1699999701", "1700000299"])
def test_what_slack_signed_within_five_minutes_is_taken(timestamp: str) -> None:
    assert rejection_reason(VERIFIER, headers(timestamp), BODY) is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "unsigned"),
        ({"x-slack-signature": "v0=1"}, "unsigned"),
        (headers("1699999699"), "signature"),
        (headers("1700000301"), "signature"),
        (headers("soon"), "malformed"),
        (headers("-1"), "signature"),
        (headers("9" * 400), "malformed"),
        (headers("9" * 5000), "malformed"),
        (headers(signature="v0=" + "0" * 64), "signature"),
        (headers(signature="å"), "malformed"),
    ],
)
def test_what_slack_did_not_sign_is_refused(given: dict[str, str], why: str) -> None:
    assert rejection_reason(VERIFIER, given, BODY) == why


def test_another_body_or_another_secret_is_refused() -> None:
    assert rejection_reason(VERIFIER, headers(), b"{}") == "signature"
    assert rejection_reason(SignatureVerifier("another", Stopped()), headers(), BODY) == "signature"
    assert rejection_reason(VERIFIER, headers(), b"\xff\xfe") == "malformed"
