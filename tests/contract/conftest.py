import pytest

from bot.store.engine.database import Database
from tests.conftest import Clock
from tests.contract.ledger import Ledger

ENGINES = ("sqlite", "postgres")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Whatever the store promises, it promises on both engines."""
    name: str = request.param
    return name


@pytest.fixture
def store(db: Database, clock: Clock) -> Ledger:
    return Ledger(db, clock)
