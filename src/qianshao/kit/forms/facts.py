"""Forms drawn from the declared fields of a fact; they check shape, the kind's rules check law."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qianshao.core.duties.door import FileRef
from qianshao.core.org import names
from qianshao.kernel.declare import Act, Fact, Field, codes, fields_of
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit import telling

_SALT = "qianshao.kept"


class UnitField(forms.CharField):
    """A unit by code, full name, short name or one it bore before; the clean value is its code."""

    def __init__(self, *, on: datetime, **given: Any) -> None:
        super().__init__(**given)
        self.on = on.astimezone(SHANGHAI).date()
        self.widget.attrs |= {
            "list": "units",
            "autocomplete": "off",
            "placeholder": _("输入名称、简称或编码"),
        }

    def clean(self, value: Any) -> str:
        """The code; a name nobody bears is refused with what to do about it."""
        written = super().clean(value)
        if not written:
            return ""
        try:
            return names.load().resolve(written, self.on).unit.code
        except (names.UnknownName, names.AmbiguousName) as error:
            raise forms.ValidationError(str(error)) from error


class UnitsField(UnitField):
    """Several units with commas between, each by code or name; the clean value is their codes."""

    def clean(self, value: Any) -> str:
        """The codes; a name nobody bears is refused with what to do about it."""
        return ",".join(super(UnitsField, self).clean(name) for name in codes(str(value or "")))


class ManyFiles(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class EvidenceField(forms.FileField):
    """Any number of files; the clean value is a list."""

    def __init__(self, **given: Any) -> None:
        super().__init__(widget=ManyFiles(), **given)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Each file checked by itself."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [found for file in files if (found := super(EvidenceField, self).clean(file, initial))]


def _moment(field: Field, on: datetime) -> forms.Field:
    return forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"),
        input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"],
    )


def _day(field: Field, on: datetime) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _choice(field: Field, on: datetime) -> forms.Field:
    options = [(key, telling.sentence(title)) for key, title in field.options]
    blank = [] if any(key == "" for key, _title in options) else [("", _("请选择"))]
    return forms.ChoiceField(choices=[*blank, *options])


_SHAPES: dict[str, Callable[[Field, datetime], forms.Field]] = {
    "text": lambda field, on: forms.CharField(max_length=field.maximum),
    "long": lambda field, on: forms.CharField(
        max_length=field.maximum, widget=forms.Textarea(attrs={"rows": 6})
    ),
    "choice": _choice,
    "number": lambda field, on: forms.IntegerField(min_value=0, max_value=field.maximum),
    "day": _day,
    "instant": _moment,
    "unit": lambda field, on: UnitField(on=on, max_length=120),
    "units": lambda field, on: UnitsField(on=on, max_length=300),
    "duty": lambda field, on: forms.CharField(max_length=field.maximum),
    "flag": lambda field, on: forms.BooleanField(),
}
_EMPTY: dict[str, Any] = {"number": 0, "flag": False, "day": None, "instant": None}


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """Evidence already kept while a form is shown again, signed so that nobody names what they never sent."""

    files: tuple[FileRef, ...] = ()

    def written(self) -> str:
        """The hidden value."""
        rows = [[file.name, file.sha256, file.sm3, file.size] for file in self.files]
        return signing.dumps(rows, salt=_SALT) if rows else ""

    @classmethod
    def read(cls, text: str) -> KeptFiles:
        """Read back; a forged or stale value is as if nothing had been kept."""
        try:
            rows = signing.loads(text, salt=_SALT, max_age=8 * 3600) if text else []
        except signing.BadSignature:
            rows = []
        return cls(tuple(FileRef(*row) for row in rows))


class ActForm(forms.Form):
    """One act: when it happened, its declared fields, evidence, and what keeps a double click from counting.

    The form's own hidden fields begin with an underline, which no field of a fact does.
    """

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
        *,
        act: Act,
        now: datetime,
        expected: int | None = None,
        many: bool = False,
    ) -> None:
        super().__init__(data, files, label_suffix="")
        self.act = act
        self.fields["at"] = _drawn(_AT, now)
        self.fields["at"].initial = now.astimezone(SHANGHAI).replace(microsecond=0)
        for item in fields_of(act.fact):
            self.fields[item.name] = _drawn(item, now)
        if act.evidence != "none" and not many:
            self.fields["_evidence"] = EvidenceField(
                label=_("佐证"), required=False, help_text=_("可选多个文件；按内容保存，改动可以查出。")
            )
        self.fields["_kept"] = forms.CharField(widget=forms.HiddenInput(), required=False)
        self.fields["_token"] = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid.uuid4)
        self.fields["_expected"] = forms.IntegerField(
            widget=forms.HiddenInput(), required=False, min_value=0, max_value=10**9, initial=expected
        )
        for name, field in self.fields.items():
            _dress(field, invalid=self.is_bound and name in self.errors)

    def clean(self) -> dict[str, Any]:
        """An act that needs evidence is not done without."""
        found: dict[str, Any] = super().clean() or {}
        if self.act.evidence == "must" and not found.get("_evidence") and not self.kept().files:
            self.add_error("_evidence", _("“{act}”须附佐证。").format(act=telling.sentence(self.act.title)))
        return found

    def kept(self) -> KeptFiles:
        """Evidence kept by an earlier, refused sending of this form."""
        return KeptFiles.read(self["_kept"].value() or "")

    def keep(self, files: tuple[FileRef, ...]) -> None:
        """Carry kept evidence into the form as it is shown again."""
        self._replace("_kept", KeptFiles(files).written())

    def catch_up(self, version: int) -> None:
        """The sender has now seen what others did; sending again acts on that."""
        self._replace("_expected", str(version))

    def _replace(self, name: str, value: str) -> None:
        data = QueryDict(mutable=True)
        for key, values in cast(QueryDict, self.data).lists():
            data.setlist(key, values)
        data[name] = value
        self.data = data

    def fact(self) -> Fact:
        """The fact the form says happened; call after ``is_valid``."""
        values = {"at": self.cleaned_data["at"].astimezone(SHANGHAI)}
        for item in fields_of(self.act.fact):
            value = self.cleaned_data[item.name]
            values[item.name] = _EMPTY.get(item.shape, "") if value in (None, "") else value
        return self.act.fact(**values)


_AT = Field(
    name="at",
    label=gettext_noop("发生时间"),
    shape="instant",
    required=True,
    sealed=False,
    mask="",
    options=(),
    maximum=0,
    hint=gettext_noop("事情实际发生的时间，时限按它计算；与现在相差较多时会标明补录。"),
)


def _drawn(item: Field, now: datetime) -> forms.Field:
    field = _SHAPES[item.shape](item, now)
    field.required = item.required
    field.label = telling.sentence(item.label)
    notes = [telling.sentence(item.hint)] if item.hint else []
    if item.sealed:
        notes.append(_("加密封存，只给有权限的人看。"))
    field.help_text = " ".join(notes)
    return field


def _dress(field: forms.Field, *, invalid: bool) -> None:
    widget = field.widget
    if isinstance(widget, forms.CheckboxInput):
        name = "form-check-input"
    elif isinstance(widget, forms.Select):
        name = "form-select"
    else:
        name = "form-control"
    widget.attrs["class"] = f"{name} is-invalid" if invalid else name
