from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from channels.errors import BadSettings


def _api(value: str) -> str:
    """With the slash at its end that method names are put after."""
    if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc:
        raise ValueError('this is the address of a Web API, like "https://slack.com/api/"')
    return value.rstrip("/") + "/"


def _token(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().strip():
        raise ValueError("it is empty")
    return value


Token = Annotated[SecretStr, AfterValidator(_token)]


class SlackSettings(BaseModel):
    """The section `channels.slack` of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: How events come in: over a connection that we open (no public URL), or to /webhooks/slack.
    mode: Literal["socket", "http"] = "socket"
    #: "xoxb-…", from the app's page "OAuth & Permissions".
    bot_token: Token
    #: "xapp-…" with connections:write, for Socket Mode.
    app_token: Token | None = None
    #: What HTTP events are signed with.
    signing_secret: Token | None = None
    #: The Web API; Socket Mode asks it where to connect to.
    base_url: Annotated[str, AfterValidator(_api)] = "https://slack.com/api/"
    #: The language of the buttons and of what is said about a source.
    language: Literal["en", "sv"] = "en"
    #: What is shown where a customer opens the bot's messages: a line, and up to four questions to press.
    greeting: str | None = None
    suggestions: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=75)], ...], Field(max_length=4)] = ()
    #: Whether to show that a message is being worked on.
    typing: bool = True
    #: How long one call of the Web API may take, in seconds.
    timeout: Annotated[int, Field(ge=1, le=25)] = 10
    #: How often the Socket Mode connection is tried, in seconds; one that is silent four times is replaced.
    ping_interval: Annotated[float, Field(gt=0, le=60)] = 10.0

    @classmethod
    def read(cls, settings: Mapping[str, Any]) -> Self:
        """Check a section; BadSettings names the key that is wrong, and never shows a secret."""
        try:
            read = cls.model_validate(dict(settings))
        except ValidationError as error:
            raise BadSettings(_said(error, cls)) from error
        needed = "app_token" if read.mode == "socket" else "signing_secret"
        if getattr(read, needed) is None:
            raise BadSettings(f'channels.slack.{needed}: is missing; with mode = "{read.mode}" it is needed')
        _check_kinds(read)
        return read


#: What each kind of Slack's tokens begins with: they are easily taken for each other.
_KINDS = {"xoxb-": "bot_token", "xapp-": "app_token"}


def _check_kinds(settings: SlackSettings) -> None:
    for key in ("bot_token", "app_token", "signing_secret"):
        value: SecretStr | None = getattr(settings, key)
        for begins, kind in _KINDS.items():
            if value is not None and value.get_secret_value().startswith(begins) and kind != key:
                raise BadSettings(f'channels.slack.{key}: what begins with "{begins}" belongs into {kind}')


def _said(error: ValidationError, model: type[SlackSettings]) -> str:
    errors = error.errors(include_url=False)
    first = next((each for each in errors if each["type"] == "extra_forbidden"), errors[0])
    key = ".".join(["channels", "slack", *map(str, first["loc"])])
    if first["type"] == "extra_forbidden":
        return f"{key}: no such setting; there are: {', '.join(model.model_fields)}"
    if first["type"] == "missing":
        return f"{key}: is missing"
    if first["loc"][0] in {"bot_token", "app_token", "signing_secret"}:
        return f"{key}: {first['msg']}"
    return f"{key}: {first['msg']}, not {first['input']!r}"
