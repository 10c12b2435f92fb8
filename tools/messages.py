"""Keep the English translation complete: collect every sentence, mend the catalogue, compile it.

``python tools/messages.py`` brings ``django.po`` up to date; ``--check`` changes nothing and fails when a sentence
has no English, lost a blank or kept Chinese, or when the catalogue is not what the sources say; ``--fill FILE…``
takes missing English from JSON files of translators (``{"中文": "English", "{n} 日": ["{n} day", "{n} days"]}``);
``--compile`` only writes the ``.mo`` file the pages read. Collected are ``gettext`` calls in Python, ``translate``
tags in templates, ``say("…")`` in the rules, and the titles of all declarations.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "qianshao"
PO = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "say": (1,),
    "marked": None,
}
CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
BLANK = re.compile(r"%\((\w+)\)s|\{(\w+)[^{}]*\}")
# Shown as they are: a language's own name, and the mark beside a required column.
KEPT = re.compile("中文|＊")
# Headers that say who and when: the history says it.
UNSAID = tuple(
    f'"{name}:'
    for name in (
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
    )
)
Found = tuple[str | tuple[str, ...], str]


def from_python() -> Iterator[Found]:
    """Calls in Python files."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield from _calls(path.read_bytes(), path)


def from_templates() -> Iterator[Found]:
    """Tags in templates, turned into calls by Django itself."""
    from django.utils.translation.template import templatize

    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        yield from _calls(templatize(path.read_text(encoding="utf-8")).encode(), path)


def _calls(source: bytes, path: Path) -> Iterator[Found]:
    for _line, keyword, message, _comments in extract_python(
        BytesIO(source), KEYWORDS, (), {"encoding": "utf-8"}
    ):
        parts = message if isinstance(message, tuple) else (message,)
        wanted = parts[:2] if keyword == "ngettext" else parts[:1]
        if keyword == "say" and wanted[0] and "{n}" in wanted[0]:
            wanted = (wanted[0], wanted[0])  # a counted sentence: kit.telling picks the English form by n
        if all(wanted) and CHINESE.search(wanted[0]):  # else a key looked up inside the call
            yield wanted if len(wanted) > 1 else wanted[0], path.relative_to(ROOT).as_posix()


def from_declarations() -> Iterator[Found]:
    """Titles that are data, not calls: modules, kinds, acts, fields, phases, roles, rules, indicators."""
    from django.conf import settings

    from qianshao.core.duties import registry, rulebook
    from qianshao.kernel.declare import fields_of
    from qianshao.kernel.rulebook import STATUSES
    from qianshao.kit.imports.spec import specs
    from qianshao.kit.sheets.delimited import DELIMITERS
    from qianshao.modules.openness.letters.kinds import LABELS
    from qianshao.modules.openness.letters.writing import EVERY
    from qianshao.modules.openness.requests.outcomes import OUTCOMES
    from qianshao.modules.openness.watch.items import ITEMS
    from qianshao.site.views.people import KINDS

    def titles() -> Iterator[str]:
        for module in registry.modules():
            yield module.title
            yield from (meter.title for meter in module.meters)
            yield from (merit.title for merit in module.merits)
            for kind in module.kinds:
                yield kind.title
                yield from (phase.title for phase in kind.phases)
                yield from (phase.second for phase in kind.phases)
                yield from kind.marks.values()
                for act in kind.acts:
                    yield act.title
                for indicator in kind.indicators:
                    yield indicator.title
                    yield indicator.formula
                for fact in kind.fact_types().values():
                    for item in fields_of(fact):
                        yield item.label
                        yield item.hint
                        yield from (title for _key, title in item.options)
        yield from (role.title for role in registry.roles().values())
        yield from (text.title for text in rulebook.shipped())
        yield from STATUSES.values()
        yield from KINDS.values()
        yield from LABELS.values()
        yield from (letter.title for letter in EVERY.values())
        yield from (outcome.title for outcome in OUTCOMES.values())
        yield from (item.title for item in ITEMS)
        yield from (place[2] for place in settings.PLACES)
        for spec in specs():
            yield spec.title
            yield from spec.groups.values()
            for column in spec.columns:
                yield from (column.title, column.hint, *column.options.values())
        yield from DELIMITERS.values()
        for name in holidays():
            yield name
            yield f"{name}放假"
        yield from (
            "驾驶舱",
            settings.CITY_NAME,
            "上",
            "下",
            "现在",
            "等于",
        )  # halves of a year and other blanks

    for title in titles():
        if title:
            yield title, "declarations"


def holidays() -> Iterator[str]:
    """What the holiday notices and the law call the days off."""
    from qianshao.kernel.calendar_data import NAMES, shipped_years

    for year in shipped_years():
        for edition in year.editions:
            for day in edition.days:
                yield from day.name.split("、")
    yield from (*NAMES, *NAMES.values())


def collect(found: Iterable[Found]) -> Catalog:
    """One catalogue of everything found, in a stable order."""
    catalog = Catalog(locale="en", project="qianshao", charset="utf-8", fuzzy=False)
    for message, where in sorted(found, key=lambda item: (str(item[0]), item[1])):
        catalog.add(message, locations=[(where, 0)])
    return catalog


def read() -> Catalog:
    """The catalogue as committed; an empty one when there is none."""
    if not PO.exists():
        return Catalog(locale="en")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def merged() -> Catalog:
    """What the sources say now, with the translations that exist; nothing obsolete is kept."""
    fresh = collect([*from_python(), *from_templates(), *from_declarations()])
    known = read()
    for message in fresh:
        old = known.get(message.id) if message.id else None
        if old is not None and old.string:
            message.string = old.string
    return fresh


def forms(value: str | Iterable[str] | None) -> tuple[str, ...]:
    """A message's forms: one, or singular and plural; one empty form when there is none."""
    return (value,) if isinstance(value, str) else tuple(value or ("",))


def blanks(text: str) -> list[str]:
    """The blanks of a sentence, ``{x}`` and ``%(x)s``, in the order of the alphabet, however they are printed."""
    return sorted(f"%({percent})s" if percent else f"{{{brace}}}" for percent, brace in BLANK.findall(text))


def fault(chinese: str, english: tuple[str, ...]) -> str | None:
    """What is wrong with a translation, or None."""
    if not all(english):
        return "no English"
    if any(blanks(form) != blanks(chinese) for form in english):
        return "blanks differ"
    if any(CHINESE.search(KEPT.sub("", form)) for form in english):
        return "Chinese left in the English"
    return None


def faults(catalog: Catalog) -> list[tuple[str, str]]:
    """What is wrong with each translation of a catalogue, with the sentence."""
    judged = ((forms(m.id)[0], forms(m.string)) for m in catalog if m.id)
    return [(why, chinese) for chinese, english in judged if (why := fault(chinese, english))]


def fill(catalog: Catalog, given: dict[str, str | list[str]]) -> list[str]:
    """Give English to the sentences that have none; returns given sentences the product does not say."""
    unknown = []
    for chinese, english in given.items():
        message = catalog.get(chinese)
        if message is None:
            unknown.append(chinese)
        elif not all(forms(message.string)):
            both = forms(english)
            message.string = both[0] if isinstance(message.id, str) else (both[0], both[-1])
    return unknown


def write(catalog: Catalog) -> None:
    """Write the catalogue without dates or line numbers, so that a diff shows only words."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    catalog.creation_date = None
    catalog.header_comment = (
        "# English of Qianshao's sentences. Written by tools/messages.py; edit only the msgstr."
    )
    buffer = BytesIO()
    write_po(buffer, catalog, width=110, include_lineno=False, omit_header=False, sort_output=True)
    lines = [line for line in buffer.getvalue().decode().splitlines() if not line.startswith(UNSAID)]
    PO.write_text("\n".join(lines) + "\n", encoding="utf-8")


def compile_catalog() -> None:
    """Write the ``.mo`` file beside the ``.po``."""
    with PO.with_suffix(".mo").open("wb") as file:
        write_mo(file, read())


def main(arguments: list[str]) -> int:
    """0 when all is well; 1 when ``--check`` finds anything."""
    if "--compile" in arguments:
        compile_catalog()
        return 0
    home = tempfile.TemporaryDirectory(prefix="qianshao-messages-")  # gone with the process
    os.environ["QIANSHAO_HOME"] = home.name
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qianshao.site.settings")
    import django

    django.setup()
    catalog = merged()
    if "--check" in arguments:
        return check(catalog)
    if "--fill" in arguments:
        for name in arguments[arguments.index("--fill") + 1 :]:
            for sentence in fill(catalog, json.loads(Path(name).read_text(encoding="utf-8"))):
                print(f"{name}: not said by the product: {sentence}", file=sys.stderr)
    write(catalog)
    compile_catalog()
    bad = faults(catalog)
    for why, sentence in bad:
        print(f"{why}: {sentence}", file=sys.stderr)
    print(f"{len(catalog)} sentences, {len(bad)} to mend")
    return 0


def check(catalog: Catalog) -> int:
    """Say what is wrong with the committed catalogue; 1 when anything is."""
    said, kept = ({forms(m.id)[0] for m in of if m.id} for of in (catalog, read()))
    bad = [
        *faults(catalog),
        *(("not in the catalogue", sentence) for sentence in sorted(said - kept)),
        *(("stale, no longer said", sentence) for sentence in sorted(kept - said)),
    ]
    for why, sentence in bad:
        print(f"{why}: {sentence}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
