"""What X's webhook must prove, and what it must be proven: pure functions of the consumer secret."""

import base64
import hashlib
import hmac
import re

SIGNATURE = "x-twitter-webhooks-signature"
#: Bytes of a delivery; the longest message is far shorter.
LARGEST_BODY = 1_000_000
#: What a challenge looks like. The answer is made with the key that signs deliveries: were any text answered, whoever
#: asks could have a forged delivery signed. No JSON object is of these letters only.
_CHALLENGE = re.compile(r"[A-Za-z0-9+/=_.~-]{1,256}")


def signed(secret: str, text: bytes) -> str:
    """The signature of a text."""
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode()


def is_signed(secret: str, text: bytes, signature: str) -> bool:
    """Whether a text was signed with the secret."""
    return hmac.compare_digest(signed(secret, text).encode(), signature.encode())


def is_challenge(token: str) -> bool:
    """Whether a challenge may be answered."""
    return _CHALLENGE.fullmatch(token) is not None
