import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from bot.conversation import DetectorName
from bot.errors import BadConfiguration
from channels.channel import SendLimit
from retrieval import DEFAULTS, KEPT, USUAL_ENCODER, DecisionSettings, settled_name
from retrieval.reader.settings import ReaderSettings

Share = Annotated[float, Field(gt=0, lt=1)]
Chance = Annotated[float, Field(ge=0, le=1)]


class Server(BaseModel):
    """Address the server listens on, and the one by which the outside reaches it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    url: str | None = Field(None, description="Address customers and agents use, when it is not http://host:port.")

    api_key: SecretStr | None = Field(
        None, min_length=20, description="Opens /api/v1 to programs that send it; without it there is no API."
    )

    @property
    def secure(self) -> bool:
        """True when agents reach the console over TLS, so that cookies may ask for it."""
        return (self.url or "").startswith("https://")


class Decisions(BaseModel):
    """Probabilities from which on a page is worth a customer's time, where it may not be a plain answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    suggest_at: Chance = Field(
        DEFAULTS.suggest_at, description="Suggest a page where it answers the question with this probability."
    )
    clarify_at: Chance = Field(
        DEFAULTS.clarify_at, description="Ask which of a few pages is meant where one of them answers with this."
    )
    in_scope_at: Chance = Field(
        DEFAULTS.in_scope_at,
        description="Neither answer nor suggest where any page at all answers the question with less than this.",
    )
    beside_at: Chance = Field(
        DEFAULTS.beside_at, description="Show pages beside a person where one of them answers with this."
    )
    promised_only: bool = Field(
        DEFAULTS.promised_only,
        description="Whether to answer plainly only where labelled questions promise the error budget, instead of "
        "where it is expected to be kept.",
    )
    unconfirmed_answers: bool = Field(
        DEFAULTS.unconfirmed_answers,
        description="Whether a forum answer that nobody has confirmed may be a plain answer where the company has "
        "pages of its own; otherwise it is a suggestion.",
    )
    adapt: bool = Field(
        True,
        description="Whether the server becomes more careful, step by step, where most customers ask what is near to "
        "the documents and not in them.",
    )

    @property
    def limits(self) -> DecisionSettings:
        """The same for a search."""
        return DecisionSettings(**self.model_dump(exclude={"adapt"}))


class SendLimitSettings(BaseModel):
    """Limit of what is sent on a channel in any stretch of time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    count: int = Field(ge=1)
    seconds: float = Field(gt=0, le=31 * 86_400)
    per: Literal["channel", "chat"] = "channel"

    @property
    def limit(self) -> SendLimit:
        """As the sender takes it."""
        return SendLimit(count=self.count, seconds=self.seconds, per=self.per)


class Settings(BaseSettings):
    """Everything that can be set, read once.

    An environment variable (ANSWERDESK_SERVER__PORT…) wins over the file, the command line over both.
    """

    model_config = SettingsConfigDict(
        env_prefix="ANSWERDESK_", env_nested_delimiter="__", frozen=True, extra="forbid", toml_file=None
    )

    index: Path = Field(Path("index"), description="Folder of the index's snapshots.")
    data: Path = Field(Path("data"), description="Folder of the database and its lock.")
    database: SecretStr | None = Field(
        None, description="SQLAlchemy URL of the database; without it, a SQLite file in the data folder."
    )
    sources: tuple[Path, ...] = Field(
        (), description="What `reindex` reads: folders of Markdown, corpus files, forums."
    )
    encoder: str = Field(
        USUAL_ENCODER,
        description="What finds answers in English: the name or folder of a sentence-transformers model, or "
        '"multilingual-e5-small"; a reindex compiles it once and embeds everything anew.',
    )
    languages: str = Field(
        "auto",
        description='What finds answers in other languages than English: "multilingual-e5-small", the name or folder '
        'of a sentence-transformers model, "none", or "auto": the first of these, if it is installed and of use.',
    )
    labels: tuple[Path, ...] = Field(
        (), description="Question files that `reindex` learns from: what customers asked, and what answers it."
    )
    feedback: bool = Field(
        True, description="Whether `reindex` learns from what agents and customers said of answers, in the database."
    )
    budget: float = Field(
        0.05, gt=0, lt=1, description="Error budget: the largest share of wrong answers among the answers given."
    )
    channel_budgets: dict[str, Share] = Field(
        {}, description="Another error budget for a channel, by its name, such as {slack = 0.02}."
    )
    document_budgets: dict[str, Share] = Field(
        {},
        description='A stricter error budget for documents whose id matches a pattern, such as {"billing/*" = 0.01}.',
    )
    unanswerable: float = Field(
        0.2,
        ge=0.001,
        le=0.95,
        description="Share of questions expected to have no answer; labelled questions tell it better.",
    )
    decisions: Decisions = Decisions()
    reader: ReaderSettings = ReaderSettings()
    reranker: str | None = Field(
        None,
        description="Name or folder of a sentence-transformers CrossEncoder that reads the first pages again, on this "
        "machine; instead of `reader.url`.",
    )
    language_detector: DetectorName = Field(
        "py3langid",
        description="What guesses the language of a text, as evidence among other: see the page on languages.",
    )
    quiet_period: float = Field(
        0.6, ge=0, le=30, description="Seconds without a further message after which a burst counts as one turn."
    )
    idle_claim: float = Field(
        120,
        ge=0,
        le=525_600,
        description="Minutes after which a claimed case goes back to the queue while its customer waits; 0 is never.",
    )
    language_wait: float = Field(
        10,
        ge=0,
        le=525_600,
        description="Minutes for which a case is offered only to agents who read its language; 0 is not at all.",
    )
    address: Literal["formal", "informal"] | None = Field(
        None, description="Address customers formally or informally; without it, as companies do in each language."
    )
    limits: dict[str, tuple[SendLimitSettings, ...]] = Field(
        {},
        description="How much may be sent on a channel, by its name, instead of the limits it knows of its platform.",
    )
    workers: int = Field(16, ge=1, le=64, description="Turns that one process works on at once.")
    stop_within: float = Field(
        20, ge=0, le=600, description="Seconds in which a process that is told to stop finishes what it has in hand."
    )
    server: Server = Server()
    channels: dict[str, dict[str, Any]] = Field(
        {"web": {}}, description="One section for each channel that is to run; the channel's page lists its settings."
    )

    @property
    def has_reader(self) -> bool:
        """True when a model is asked which of the pages found answers."""
        return self.reader.url is not None or self.reranker is not None

    @property
    def candidates(self) -> int:
        """Number of candidates that a search names: those that a receipt keeps, and all that a reader is shown."""
        return max(KEPT, self.reader.pages) if self.has_reader else KEPT

    @property
    def database_url(self) -> str:
        """The database's URL, with its password."""
        if self.database is not None:
            return self.database.get_secret_value()
        return f"sqlite+aiosqlite:///{(self.data / 'answerdesk.db').absolute()}"

    @property
    def has_database(self) -> bool:
        """False when it is a SQLite file that is not there: looking at it would make it."""
        kind, _, file = self.database_url.partition(":///")
        return not kind.startswith("sqlite") or Path(file).exists()

    @classmethod
    def read(cls, file: Path | None = None, **overrides: Any) -> Self:
        """Read the settings; paths in the file are relative to it. BadConfiguration names what is missing or wrong."""
        written = _read_toml(file) if file else {}
        try:
            settings = cls(**_merge(_merge(written, _environment(cls)), overrides))
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            where = f"{file}: " if file else ""
            if first["type"] == "extra_forbidden":  # its value may be a password under a misspelt name
                raise BadConfiguration(f"{where}{key}: there is no such setting") from error
            raise BadConfiguration(f"{where}{key}: {first['msg']} (it is {first['input']!r})") from error
        return settings if file is None else settings._relative_to(file.absolute().parent)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  # pydantic-settings calls with all of them
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `read` gives, which has put file, environment and command line together."""
        return (init_settings,)

    def _relative_to(self, folder: Path) -> Self:
        return self.model_copy(
            update={
                "index": folder / self.index,
                "data": folder / self.data,
                "sources": tuple(folder / source for source in self.sources),
                "labels": tuple(folder / file for file in self.labels),
                "encoder": settled_name(self.encoder, folder),
                "languages": settled_name(self.languages, folder),
            }
        )


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise BadConfiguration(f"{file}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{file}: is not TOML: {error}") from error


def _environment(settings: type[BaseSettings]) -> dict[str, Any]:
    try:
        return EnvSettingsSource(settings)()
    except SettingsError as error:
        variable = re.search(r'field "(\w+)"', str(error))
        name = f"ANSWERDESK_{variable[1].upper()}" if variable else "ANSWERDESK_…"
        raise BadConfiguration(f"{name}: in the environment this must be JSON: {error.__cause__}") from error


def _merge(written: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    merged = dict(written)
    for key, value in overrides.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _merge(merged[key], value)
        elif value is not None:
            merged[key] = value
    return merged
