"""The form that says what each column of a sheet is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from qianshao.core.imports.runs import Reading
from qianshao.kit.duties.masking import scrub
from qianshao.kit.sheets.header import letter
from qianshao.kit.sheets.model import Sheet, text_of

from . import mapping
from .mapping import BadMapping
from .spec import ImportSpec

_SAMPLES = 3
_SHOWN = 60  # characters of a sample


class ColumnsForm(forms.Form):
    """One choice for each column, one for each thing that may stand for the whole sheet, and the source."""

    def __init__(
        self, spec: ImportSpec, sheet: Sheet, start: Reading, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data)
        self.spec = spec
        self.sheet = sheet
        self.header = mapping.own(sheet.header)
        self.reading = start
        self._samples = sheet.sample(_SAMPLES)
        keys = {name: key for key, name in start.columns.items()}
        choices = [("", _("不读"))]
        choices += [(item.key, _(item.title) + ("＊" if item.needed else "")) for item in spec.columns]
        for place, name in enumerate(self.header):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=name, choices=choices, required=False, initial=keys.get(name, "")
            )
        for item in spec.columns:
            if item.options:
                whole = [("", _("不指定")), *((key, _(title)) for key, title in item.options.items())]
                self.fields[f"whole-{item.key}"] = forms.ChoiceField(
                    label=_(item.title),
                    choices=whole,
                    required=False,
                    initial=start.constants.get(item.key, item.default),
                )
        self.fields["source"] = forms.CharField(label=_("来源名称"), max_length=40, initial=start.source)
        for field in self.fields.values():
            field.widget.attrs["class"] = (
                "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            )

    def clean(self) -> dict[str, Any]:
        """The whole mapping at once, with one sentence when it cannot be used."""
        given = super().clean() or {}
        columns: dict[str, str] = {}
        for place, name in enumerate(self.header):
            key = given.get(f"column-{place}")
            if key and key in columns:
                title = _(self.spec.column(key).title)
                raise forms.ValidationError(_("“{title}”对应了两列，请只留一列。").format(title=title))
            if key:
                columns[key] = name
        constants = {
            item.key: given.get(f"whole-{item.key}", "") for item in self.spec.columns if item.options
        }
        try:
            reading = Reading(columns, constants, given.get("source") or self.reading.source)
            self.reading = mapping.checked(self.spec, self.sheet.header, reading)
        except BadMapping as error:
            raise forms.ValidationError(str(error)) from error
        return given

    def columns(self) -> Iterator[tuple[str, forms.BoundField, list[str]]]:
        """Each column's letter, its choice, and what stands in its first rows."""
        places = {name: place for place, name in enumerate(self.sheet.header)}
        for number, name in enumerate(self.header):
            place = places[name]
            cells = [row.cells[place] for row in self._samples if place < len(row.cells)]
            samples = [scrub(" ".join(text_of(cell).split()))[:_SHOWN] for cell in cells]
            yield letter(place), self[f"column-{number}"], [sample for sample in samples if sample]

    def wholes(self) -> list[forms.BoundField]:
        """What may stand for the whole sheet."""
        return [self[name] for name in self.fields if name.startswith("whole-")]
