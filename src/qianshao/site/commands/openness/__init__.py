"""Openness from the command line: reading pages, checking yearly reports."""

from . import check_report, read_page
from .group import openness

COMMANDS = (openness,)

__all__ = ["COMMANDS", "check_report", "read_page"]
