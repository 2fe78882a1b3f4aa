import pytest

ENGINES = ("sqlite", "postgres")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Whatever the store promises, it promises on both engines."""
    name: str = request.param
    return name
