"""Watching a government site: fetch politely, read every page, hold it against the inspection items."""
