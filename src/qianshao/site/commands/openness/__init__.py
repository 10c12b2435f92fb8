"""Openness from the command line: reading pages, watching sites, checking yearly reports."""

from . import check_report
from .group import openness

COMMANDS = (openness,)

__all__ = ["COMMANDS", "check_report"]
