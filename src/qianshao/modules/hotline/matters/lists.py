"""The word lists of ``lists.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _all() -> dict[str, str]:
    return tomllib.loads(files(__package__).joinpath("lists.toml").read_text(encoding="utf-8"))


def words_of(name: str) -> frozenset[str]:
    """One list by its key."""
    return frozenset(_all()[name].split())
