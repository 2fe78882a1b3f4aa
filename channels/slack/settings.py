from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from channels.errors import BadSettings
from channels.settings import read_settings
from channels.slack.strings import Language


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
    #: The language of the line that an answer is being looked up; all else is in the customer's own.
    language: Language = "en"
    #: Whether the app has the agent view, where each direct message begins a thread and is answered in it.
    agent_view: bool = False
    #: What the agent view shows to whoever opens it: a line, and up to four questions to press.
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
        read = read_settings(cls, "slack", settings)
        needed = "app_token" if read.mode == "socket" else "signing_secret"
        if getattr(read, needed) is None:
            raise BadSettings(f'channels.slack.{needed}: missing; with mode = "{read.mode}" it is needed')
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
