"""Openness from the command line: reading pages, watching sites, checking yearly reports, the monthly bulletin."""

from . import bulletin
from .group import openness

COMMANDS = (openness,)
__all__ = ["COMMANDS", "bulletin"]
