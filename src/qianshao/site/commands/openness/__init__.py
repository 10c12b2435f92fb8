"""Openness from the command line: reading pages, watching sites, checking yearly reports."""

from .group import openness

COMMANDS = (openness,)
