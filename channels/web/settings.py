from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from channels.settings import read_settings

#: The languages of the widget's own words.
Language = Literal["en", "sv", "de", "es", "fr", "da", "nb", "it", "pt", "nl", "fi", "pl"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if value != "*" and (parts.scheme not in {"http", "https"} or value != f"{parts.scheme}://{parts.netloc}"):
        raise ValueError('an origin is "*" or like "https://www.example.com", without a path')
    return value


class WebSettings(BaseModel):
    """The section `channels.web` of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: The pages that may embed the chat; any page by default, which is safe since it uses no cookies.
    origins: tuple[Annotated[str, AfterValidator(_origin)], ...] = ("*",)
    #: What the page at /chat is called and says before the first message.
    title: str = "Help"
    greeting: str | None = None
    #: Example questions on the page at /chat.
    suggestions: tuple[str, ...] = ()
    #: Any CSS colour.
    color: str | None = None
    #: The address of a picture.
    logo: str | None = None
    language: Language | None = None
    #: How much one conversation may send, and how much one client address may ask for.
    messages_per_minute: Annotated[int, Field(ge=1)] = 30
    requests_per_minute: Annotated[int, Field(ge=1)] = 300

    @classmethod
    def read(cls, settings: Mapping[str, Any]) -> Self:
        """Check a section; BadSettings names the key that is wrong."""
        return read_settings(cls, "web", settings)
