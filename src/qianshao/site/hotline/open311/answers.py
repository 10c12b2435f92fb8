"""Answers in the two forms of GeoReport v2: JSON lists, and XML whose lists name their items."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from django.http import HttpResponse

_ITEMS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


class Refusal(Exception):
    """An error of the specification: its code, which is the HTTP status too, and a sentence."""

    def __init__(self, code: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.headers = headers or {}


def answer(root: str, content: Any, form: str, status: int = 200) -> HttpResponse:
    """The content as ``json`` or ``xml``; ``root`` names the outermost element of the XML."""
    if form == "json":
        body = json.dumps(content, ensure_ascii=False)
        return HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    text = ElementTree.tostring(_element(root, content), encoding="unicode")
    body = f'<?xml version="1.0" encoding="utf-8"?>\n{text}'
    return HttpResponse(body, status=status, content_type="text/xml; charset=utf-8")


def refused(refusal: Refusal, form: str) -> HttpResponse:
    """An error in the specification's form."""
    content = [{"code": refusal.code, "description": str(refusal)}]
    response = answer("errors", content, form, refusal.code)
    for name, value in refusal.headers.items():
        response[name] = value
    return response


def _element(name: str, content: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(content, Mapping):
        element.extend(_element(key, value) for key, value in content.items())
    elif isinstance(content, Sequence) and not isinstance(content, str):
        element.extend(_element(_ITEMS[name], value) for value in content)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        element.text = _FORBIDDEN.sub("", str(content))
    return element
