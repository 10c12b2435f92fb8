"""The command ``qianshao``: the product's second face, for administrators and scripts."""

from .main import main

__all__ = ["main"]
