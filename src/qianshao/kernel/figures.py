"""temporary"""
from __future__ import annotations
from dataclasses import dataclass

@dataclass(frozen=True)
class Indicator:
    key: str
    title: str
