"""Defects the watch found on a site, as duties of the unit that runs it."""
