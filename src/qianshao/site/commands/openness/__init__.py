"""Openness from the command line: reading pages, watching sites, checking yearly reports, making them, the bulletin."""

from . import bulletin, check_report, read_page, report, watch
from .group import openness

COMMANDS = (openness,)

__all__ = ["COMMANDS", "bulletin", "check_report", "read_page", "report", "watch"]
