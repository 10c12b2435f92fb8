"""temporary"""
from __future__ import annotations
import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any
from .clock import Citation, Rule, Start, Term, Unit

@dataclass(frozen=True)
class RuleText:
    key: str
    title: str
    edition: str
    valid_from: date
    valid_to: date | None
    body: str

def _term(raw: Any) -> Term | None:
    return Term(raw["n"], Unit(raw["unit"])) if raw else None

def rule_of(text: RuleText) -> Rule:
    raw = tomllib.loads(text.body)
    return Rule(raw["key"], raw["edition"], _term(raw["term"]), Citation(raw["law"], raw["article"], raw["edition"], raw["status"]), amber=_term(raw.get("amber")), start=Start(raw.get("start","next_day")), extension=_term(raw.get("extension")))
def parse(text: str, source: str) -> tuple[RuleText, ...]:
    import json
    return tuple(RuleText(r["key"], r["title"], r["edition"], r["valid_from"], r.get("valid_to"), "\n".join(f"{k} = {json.dumps(v, ensure_ascii=False, default=str) if not isinstance(v, dict) else '{' + ', '.join(f'{a} = {json.dumps(b)}' for a, b in v.items()) + '}'}" for k, v in r.items())) for r in tomllib.loads(text)["rule"])
def in_force(book, key, on):
    return max((t for t in book if t.key == key and t.valid_from <= on), key=lambda t: t.valid_from)
def overlay(base, own):
    return tuple(base) + tuple(own)
def to_body(text): return {}
def from_body(body): raise NotImplementedError
