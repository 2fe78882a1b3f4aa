import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from channels.errors import BadSettings
from channels.settings import read_settings

#: Where Telegram calls us, below `public_url`.
WEBHOOK = "/webhooks/telegram"


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

    @property
    def bot_id(self) -> int:
        """The bot's number, which its token begins with."""
        return int(self.token.get_secret_value().partition(":")[0])

    @property
    def webhook_url(self) -> str:
        """The address of the webhook, for Telegram."""
        return f"{self.public_url}{WEBHOOK}"

    @classmethod
    def read(cls, settings: Mapping[str, Any]) -> Self:
        """Check a section; BadSettings names the key that is wrong and never shows a secret."""
        read = read_settings(cls, "telegram", settings)
        for key in ("secret_token", "public_url") if read.mode == "webhook" else ():
            if getattr(read, key) is None:
                raise BadSettings(f"channels.telegram.{key}: missing; {_NEEDED[key]}")
        return read


#: What a webhook needs, and what for.
_NEEDED = {
    "secret_token": "webhooks need one, of your choice",
    "public_url": "webhooks need the address at which Telegram reaches this server",
}
