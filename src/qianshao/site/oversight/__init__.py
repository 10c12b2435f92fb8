"""Openness under supervision: one set of figures for the board and for the monthly bulletin."""
