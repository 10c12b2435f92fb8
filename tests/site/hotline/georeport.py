"""A small client of Open311 GeoReport v2, written from the specification and nothing else.

It knows the addresses, the names of elements and the types of the spec, and complains like a strict app would.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

Transport = Callable[[str, str, dict[str, str]], tuple[int, str, bytes]]  # method, address, values


class Told(Exception):
    """The server's own errors: (code, description) pairs, and the HTTP status."""

    def __init__(self, status: int, errors: list[tuple[int, str]]) -> None:
        super().__init__(errors)
        self.status = status
        self.errors = errors


@dataclass(frozen=True)
class GeoReport:
    """One endpoint in one form."""

    transport: Transport
    form: str
    base: str = "/open311/v2/"

    def services(self) -> list[dict[str, Any]]:
        """GET Service List."""
        found = self._get("services", {})
        for one in found:
            assert one["type"] in ("realtime", "batch", "blackbox")
            assert one["metadata"] in (True, False, "true", "false")
        return found

    def definition(self, code: str) -> dict[str, Any]:
        """GET Service Definition."""
        found: dict[str, Any] = self._get(f"services/{code}", {})
        for attribute in found["attributes"]:
            assert attribute["datatype"] in (
                "string", "number", "datetime", "text", "singlevaluelist", "multivaluelist",
            )  # fmt: skip
            assert {"key", "name"} <= set(attribute["values"][0])
        return found

    def report(self, **given: str) -> dict[str, Any]:
        """POST Service Request; the answer has a number or a token."""
        (found,) = self._ask(
            "POST",
            "requests",
            {
                key.replace("attribute_", "attribute[") + ("]" if key.startswith("attribute_") else ""): value
                for key, value in given.items()
            },
        )
        assert found.get("service_request_id") or found.get("token")
        return dict(found)

    def number(self, token: str) -> str:
        """GET service_request_id from a token."""
        (found,) = self._get(f"tokens/{token}", {})
        assert found["token"] == token
        return str(found["service_request_id"])

    def requests(self, **given: str) -> list[dict[str, Any]]:
        """GET Service Requests."""
        return [self._checked(one) for one in self._get("requests", given)]

    def request(self, number: str) -> dict[str, Any]:
        """GET Service Request."""
        (found,) = self._get(f"requests/{number}", {})
        return self._checked(found)

    def _checked(self, one: dict[str, Any]) -> dict[str, Any]:
        assert one["status"] in ("open", "closed")
        for name in ("requested_datetime", "updated_datetime", "expected_datetime"):
            if one.get(name):
                assert datetime.fromisoformat(one[name]).tzinfo is not None
        return one

    def _get(self, path: str, given: dict[str, str]) -> Any:
        return self._ask("GET", path, given)

    def _ask(self, method: str, path: str, given: dict[str, str]) -> Any:
        status, kind, body = self.transport(method, f"{self.base}{path}.{self.form}", given)
        assert (
            kind.lower()
            == {
                "json": "application/json; charset=utf-8",
                "xml": "text/xml; charset=utf-8",
            }[self.form]
        )
        found = json.loads(body) if self.form == "json" else _read(body)
        if status >= 400:
            raise Told(status, [(int(one["code"]), one["description"]) for one in found])
        return found


_LISTS = {"services", "service_requests", "attributes", "values", "errors"}


def _read(body: bytes) -> Any:
    assert body.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return _value(ElementTree.fromstring(body))


def _value(element: ElementTree.Element) -> Any:
    if element.tag in _LISTS:
        return [_value(child) for child in element]
    if len(element):
        return {child.tag: _value(child) for child in element}
    return element.text or None
