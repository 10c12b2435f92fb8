"""The ledger's fixtures; every test here has a data folder and anchors of its own."""

import pytest
from ledger_fixtures import anchors, home, ledger, receive

__all__ = ["anchors", "home", "ledger", "receive"]


@pytest.fixture(autouse=True)
def _own_home(home: object) -> None:
    """Keys and flags of one test never meet those of another."""
