"""A decision, work report or division-of-work list, read in its own layout into items. Pure: text and tables go in."""

from .model import Decision, Item, LeadRule, Place
from .reading import read

__all__ = ["Decision", "Item", "LeadRule", "Place", "read"]
