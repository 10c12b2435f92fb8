"""Openness from the command line: reading pages, watching sites, checking yearly reports."""

from . import read_page, watch  # noqa: F401 - each registers its command on the group
from .group import openness

COMMANDS = (openness,)
