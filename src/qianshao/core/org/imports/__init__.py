"""Units and people from a spreadsheet: a preview with every error by row and column, then the rows without one.

The rows come from whoever reads the file: its number in the sheet and its cells (text, numbers or dates),
the header first. A sheet read twice changes nothing the second time.
"""

from .people import PEOPLE_COLUMNS, PEOPLE_MORE, NewHolding, add_people, preview_people
from .sheet import BadSheet, Cell, Numbered, Preview, Problem
from .units import UNIT_COLUMNS, UNIT_MORE, NewUnit, add_units, preview_units

__all__ = [
    "PEOPLE_COLUMNS",
    "PEOPLE_MORE",
    "UNIT_COLUMNS",
    "UNIT_MORE",
    "BadSheet",
    "Cell",
    "NewHolding",
    "NewUnit",
    "Numbered",
    "Preview",
    "Problem",
    "add_people",
    "add_units",
    "preview_people",
    "preview_units",
]
