"""The public names of each channel's package."""

import importlib
from pathlib import Path

import pytest

CHANNELS = Path(__file__).parents[3] / "channels"
SURFACES = {
    "channels.slack": ["SlackChannel"],
    "channels.telegram": ["TelegramChannel"],
    "channels.web": ["WebChannel"],
    "channels.x": ["XChannel"],
    "channels.testing": [
        "Delivered",
        "Fate",
        "FateName",
        "Heard",
        "HostReply",
        "MemoryHost",
        "Platform",
        "Running",
        "Served",
        "served",
    ],
}


@pytest.mark.parametrize(("package", "names"), SURFACES.items(), ids=SURFACES)
def test_a_package_gives_these_names_and_no_other(package: str, names: list[str]) -> None:
    module = importlib.import_module(package)
    assert sorted(module.__all__) == names
    assert all(hasattr(module, name) for name in names)


def test_each_package_of_a_platform_is_pinned() -> None:
    packages = {f"channels.{path.parent.name}" for path in CHANNELS.glob("*/__init__.py")}
    assert packages - {"channels.rich_text"} == set(SURFACES)
