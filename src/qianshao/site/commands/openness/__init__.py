"""Openness from the command line: reading pages, watching sites, checking yearly reports, the bulletin."""

from . import bulletin, check_report, read_page, watch
from .group import openness

COMMANDS = (openness,)

__all__ = ["COMMANDS", "bulletin", "check_report", "read_page", "watch"]
