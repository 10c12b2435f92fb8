"""Calendars that other programs follow."""
