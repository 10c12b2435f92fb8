"""Openness from the command line: reading pages, checking yearly reports, the monthly bulletin."""

from . import bulletin, check_report, read_page
from .group import openness

COMMANDS = (openness,)

__all__ = ["COMMANDS", "bulletin", "check_report", "read_page"]
