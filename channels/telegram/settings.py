import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from channels.errors import BadSettings

#: Where Telegram calls us, below `public_url`.
WEBHOOK = "/webhooks/telegram"
_SECRETS = {"token", "secret_token"}


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9]{1,19}:[A-Za-z0-9_-]{1,120}", value.get_secret_value()):
        raise ValueError('a bot\'s token is like "123456789:AA…", as @BotFather gave it')
    return value


def _secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
        raise ValueError("the secret token has 1 to 256 characters of A-Z, a-z, 0-9, _ and -")
    return value


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError('an address is like "https://help.example.com"')
    return value.rstrip("/")


_Address = Annotated[str, AfterValidator(_address)]


class TelegramSettings(BaseModel):
    """The section `channels.telegram` of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: The bot's token, from @BotFather.
    token: Annotated[SecretStr, AfterValidator(_token)]
    #: Whether we ask Telegram for what came in, or it calls us.
    mode: Literal["polling", "webhook"] = "polling"
    #: Where Telegram and agents' browsers reach this server, without the path: for webhooks and for files.
    public_url: _Address | None = None
    #: What Telegram shows with every call, so that we know it is Telegram; only for webhooks.
    secret_token: Annotated[SecretStr, AfterValidator(_secret)] | None = None
    #: Where the Bot API is.
    base_url: _Address = "https://api.telegram.org"
    #: Seconds in which Telegram has to answer.
    timeout: Annotated[float, Field(gt=0, le=25)] = 20.0

    @model_validator(mode="after")
    def _has_what_webhooks_need(self) -> Self:
        if self.mode == "webhook" and self.secret_token is None:
            raise ValueError("secret_token: webhooks need one, of your choice")
        if self.mode == "webhook" and self.public_url is None:
            raise ValueError("public_url: webhooks need the address at which Telegram reaches this server")
        return self

    @property
    def bot_id(self) -> int:
        """The bot's number, which its token begins with."""
        return int(self.token.get_secret_value().partition(":")[0])

    @property
    def webhook_url(self) -> str:
        """Where Telegram is to call us."""
        return f"{self.public_url}{WEBHOOK}"

    @classmethod
    def read(cls, settings: Mapping[str, Any]) -> Self:
        """Check a section; BadSettings names the key that is wrong and never shows a secret."""
        try:
            return cls.model_validate(dict(settings))
        except ValidationError as error:
            raise BadSettings(_complaint(error)) from None  # the cause would show the secrets


def _complaint(error: ValidationError) -> str:
    errors = error.errors(include_url=False)
    first = next((each for each in errors if each["type"] == "extra_forbidden"), errors[0])
    key = ".".join(["channels", "telegram", *map(str, first["loc"])])
    what = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        return f"{key}: no such setting; there are: {', '.join(TelegramSettings.model_fields)}"
    if first["type"] == "missing":
        return f"{key}: must be set"
    if not first["loc"]:
        return f"{key}.{what}"
    return f"{key}: {what}" if first["loc"][0] in _SECRETS else f"{key}: {what}, not {first['input']!r}"
