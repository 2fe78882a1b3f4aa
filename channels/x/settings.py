from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from channels.errors import BadSettings
from channels.settings import read_settings

#: OAuth 1.0a in user context, and OAuth 2 with a refreshed token: all the keys of one of them are needed.
OAUTH_1 = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
OAUTH_2 = ("client_id", "token_file")

Money = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Secret = Annotated[SecretStr, Field(min_length=1)]


def _address(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError('an address is like "https://api.x.com"')
    return value.rstrip("/")


class XSettings(BaseModel):
    """The section `channels.x` of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: How messages come in: X calls us, we hold a connection open, or we ask now and then.
    mode: Literal["webhook", "stream", "polling"] = "webhook"
    #: The number of the account that customers write to.
    account_id: Annotated[str, Field(pattern=r"^[0-9]{1,19}$")]
    #: The app's API key and secret; the secret also signs the webhook.
    consumer_key: Secret | None = None
    consumer_secret: Secret | None = None
    #: The account's token for the app, by OAuth 1.0a; it does not run out.
    access_token: Secret | None = None
    access_token_secret: Secret | None = None
    #: By OAuth 2 instead: the client, and the file that holds the tokens and is written when they are refreshed.
    client_id: Secret | None = None
    client_secret: Secret | None = None
    token_file: Path | None = None
    #: The app's own token, for the stream and for `channels check`.
    bearer_token: Secret | None = None
    #: What customers speak, such as "sv-SE", since X does not tell; what they write says more.
    locale: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$", max_length=35)] | None = None
    base_url: Annotated[str, AfterValidator(_address)] = "https://api.x.com"
    #: How many messages X lets the account send.
    sends_per_15_minutes: Annotated[int, Field(ge=1)] = 15
    sends_per_day: Annotated[int, Field(ge=1)] = 1440
    #: How often X lets the account read; polling keeps a fifth of it for looking a message up.
    reads_per_15_minutes: Annotated[int, Field(ge=1)] = 15
    #: What X asks for a message sent and for a message read, and how much of that may be spent.
    price_per_send: Money = 0.015
    price_per_read: Money = 0.010
    daily_budget: Annotated[float, Field(gt=0)] | None = None
    monthly_budget: Annotated[float, Field(gt=0)] | None = None
    #: Seconds of silence after which a stream counts as dead; X gives a sign of life every 20 seconds.
    stale_after: Annotated[float, Field(gt=0)] = 45.0
    #: Seconds that X has to answer; what it was asked may be done all the same, and is looked for before another try.
    answers_within: Annotated[float, Field(gt=0, le=25)] = 20.0
    #: Hours to look back for what came while nobody listened.
    look_back: Annotated[float, Field(ge=0, le=720)] = 24.0

    @classmethod
    def read(cls, settings: Mapping[str, Any]) -> Self:
        """Check a section; BadSettings names the key that is wrong."""
        read = read_settings(cls, "x", settings)
        if missing := _missing(read):
            raise BadSettings(f"channels.x.{missing[0]}: {missing[1]}")
        return read

    @property
    def uses_oauth_1(self) -> bool:
        """True when requests for the account are signed by OAuth 1.0a, False for OAuth 2."""
        return self.access_token is not None

    def secret(self, key: str) -> str:
        """The value of a key that is there."""
        value = getattr(self, key)
        assert isinstance(value, SecretStr), key
        return value.get_secret_value()


def _missing(settings: XSettings) -> tuple[str, str] | None:
    """A key without which the channel cannot work, and why."""
    if settings.access_token is None and settings.client_id is None:
        return "access_token", "missing; give the account's token by OAuth 1.0a, or client_id and token_file"
    keys = OAUTH_1 if settings.uses_oauth_1 else OAUTH_2
    for key in keys:
        if getattr(settings, key) is None:
            return key, f"missing; {', '.join(keys)} are needed together"
    if settings.mode == "webhook" and settings.consumer_secret is None:
        return "consumer_secret", "missing; a webhook is signed with it"
    if settings.mode == "stream" and settings.bearer_token is None:
        return "bearer_token", "missing; a stream is opened with it"
    for key in ("daily_budget", "monthly_budget"):
        budget = getattr(settings, key)
        if budget is not None and budget < settings.price_per_send + settings.price_per_read:
            return key, "buys not even one message; see price_per_send and price_per_read"
    return None
