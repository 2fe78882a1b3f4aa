from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.errors import BadConfiguration
from bot.settings import Settings
from retrieval.decision import DecisionSettings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answerdesk.toml"


def test_without_a_file_everything_has_a_default() -> None:
    settings = Settings.read()
    assert (settings.index, settings.data, settings.sources) == (Path("index"), Path("data"), ())
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8000)
    assert settings.channels == {"web": {}}
    assert settings.database_url == f"sqlite+aiosqlite:///{Path('data/answerdesk.db').absolute()}"


def test_paths_in_a_file_are_relative_to_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('index = "i"\ndata = "/var/data"\nsources = ["articles", "../forum.jsonl"]\n')
    monkeypatch.chdir("/")
    settings = Settings.read(file)
    assert settings.index == file.parent / "i"
    assert settings.data == Path("/var/data")
    assert settings.sources == (file.parent / "articles", file.parent / "../forum.jsonl")
    assert settings.database_url == "sqlite+aiosqlite:////var/data/answerdesk.db"


@pytest.mark.parametrize("setting", ["encoder", "languages"])
def test_a_folder_of_an_encoder_is_relative_to_the_file_and_a_name_is_a_name(
    file: Path, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.chdir("/")
    (file.parent / "models" / "mine").mkdir(parents=True)
    for written, meant in {
        "models/mine": str(file.parent / "models" / "mine"),
        "./nowhere": str(file.parent / "nowhere"),
        "/srv/model": "/srv/model",
        "BAAI/bge-small-en-v1.5": "BAAI/bge-small-en-v1.5",
        "sentence-transformers/all-MiniLM-L6-v2": "all-MiniLM-L6-v2",
        "multilingual-e5-small": "multilingual-e5-small",
    }.items():
        file.write_text(f'{setting} = "{written}"\n')
        assert getattr(Settings.read(file), setting) == meant


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(
        'budget = 0.1\nquiet_period = 1\n[server]\nport = 1\nhost = "::1"\n[channels.web]\ntitle = "File"\n'
    )
    monkeypatch.setenv("ANSWERDESK_BUDGET", "0.2")
    monkeypatch.setenv("ANSWERDESK_QUIET_PERIOD", "2")
    monkeypatch.setenv("ANSWERDESK_SERVER__PORT", "2")
    monkeypatch.setenv("ANSWERDESK_SERVER__URL", "https://environment")
    settings = Settings.read(file, budget=0.3, server={"port": 3})
    assert (settings.budget, settings.quiet_period) == (0.3, 2)
    assert (settings.server.port, settings.server.url, settings.server.host) == (3, "https://environment", "::1")
    assert settings.channels == {"web": {"title": "File"}}


def test_the_probabilities_of_decisions_are_those_a_search_decides_by(file: Path) -> None:
    assert Settings.read().decisions.limits == DecisionSettings()
    file.write_text("[decisions]\nsuggest_at = 0.7\nbeside_at = 1\n")
    assert Settings.read(file).decisions.limits == DecisionSettings(suggest_at=0.7, beside_at=1)
    file.write_text("[decisions]\nclarify_at = 1.2\n")
    with pytest.raises(BadConfiguration, match=r"decisions\.clarify_at"):
        Settings.read(file)


def test_what_the_command_line_does_not_say_changes_nothing(file: Path) -> None:
    file.write_text("budget = 0.1\n[server]\nport = 1\n")
    settings = Settings.read(file, budget=None, index=None, server={})
    assert (settings.budget, settings.server.port) == (0.1, 1)


def test_a_channels_setting_can_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSWERDESK_CHANNELS__WEB__TITLE", "Help")
    assert Settings.read().channels == {"web": {"title": "Help"}}


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("budget = 0", "budget", "0"),
        ('budget = "much"', "budget", "'much'"),
        ("quiet_period = 31", "quiet_period", "31"),
        ("[server]\nport = -1", "server.port", "-1"),
        ("server = 8000", "server", "8000"),
        ("sources = [1]", "sources.0", "1"),
        ("channels = ['web']", "channels", "['web']"),
    ],
)
def test_an_error_names_the_key_the_value_and_the_file(file: Path, text: str, key: str, value: str) -> None:
    file.write_text(text)
    with pytest.raises(BadConfiguration) as error:
        Settings.read(file)
    assert str(error.value).startswith(f"{file}: {key}: ")
    assert str(error.value).endswith(f"(it is {value})")


@pytest.mark.parametrize(
    ("text", "key"), [("[server]\npasswort = 's3cret'", "server.passwort"), ("bugdet = 0.1", "bugdet")]
)
def test_a_setting_that_does_not_exist_is_named_without_its_value(file: Path, text: str, key: str) -> None:
    file.write_text(text)
    with pytest.raises(BadConfiguration) as error:
        Settings.read(file)
    assert str(error.value) == f"{file}: {key}: there is no such setting"


@pytest.mark.parametrize("content", [b"index = ", b"\xff\xfe", b"[server\n"])
def test_what_is_not_toml_is_named(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(BadConfiguration, match=f"^{file}: is not TOML"):
        Settings.read(file)


def test_a_file_that_cannot_be_read_is_named(file: Path) -> None:
    with pytest.raises(BadConfiguration, match=f"^{file}: cannot be read"):
        Settings.read(file)


def test_a_wrong_environment_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSWERDESK_SERVER__PORT", "many")
    with pytest.raises(BadConfiguration, match=r"^server\.port: .*'many'"):
        Settings.read()
    monkeypatch.delenv("ANSWERDESK_SERVER__PORT")
    monkeypatch.setenv("ANSWERDESK_SOURCES", "articles")
    with pytest.raises(BadConfiguration, match=r"^ANSWERDESK_SOURCES: .* must be JSON"):
        Settings.read()


def test_the_databases_password_is_never_shown(file: Path) -> None:
    file.write_text('database = "sqlite+aiosqlite://ann:hunter2@/x.db"')
    settings = Settings.read(file)
    assert "hunter2" in settings.database_url
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert "hunter2" not in shown
    assert "********" in repr(settings)


def test_settings_cannot_be_changed() -> None:
    settings = Settings.read()
    with pytest.raises(ValidationError, match="frozen"):
        settings.budget = 0.5  # type: ignore[misc]  # what is tried here
    with pytest.raises(ValidationError, match="frozen"):
        settings.server.port = 1  # type: ignore[misc]  # as above


def test_a_sqlite_file_that_is_not_there_is_no_database(tmp_path: Path) -> None:
    settings = Settings.read(data=tmp_path)
    assert not settings.has_database
    (tmp_path / "answerdesk.db").touch()
    assert settings.has_database
    assert Settings.read(database="postgresql+asyncpg://elsewhere/db").has_database


@pytest.mark.parametrize(("url", "secure"), [(None, False), ("http://x", False), ("https://x", True)])
def test_cookies_are_secure_where_agents_come_by_tls(url: str | None, secure: bool) -> None:
    assert Settings.read(server={"url": url}).server.secure == secure
