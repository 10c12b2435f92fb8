"""Keep the English translation complete: collect every sentence, mend the catalogue, compile it.

``python tools/messages.py`` brings ``django.po`` up to date; ``--check`` changes nothing and fails when a sentence
has no English; ``--compile`` only writes the ``.mo`` file the pages read. Collected are ``gettext`` calls in
Python, ``translate`` tags in templates, ``say("…")`` in the rules, and the titles of all declarations.
"""

from __future__ import annotations

import os
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
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "say": (1,),
}
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
        wanted = {"ngettext": parts[:2], "pgettext": parts[1:2]}.get(keyword, parts[:1])
        if all(wanted) and wanted:
            yield wanted if len(wanted) > 1 else wanted[0], path.relative_to(ROOT).as_posix()


def from_declarations() -> Iterator[Found]:
    """Titles that are data, not calls: modules, kinds, acts, fields, phases, roles, rules, indicators."""
    from django.conf import settings

    from qianshao.core.duties import registry, rulebook
    from qianshao.kernel.declare import fields_of
    from qianshao.kernel.rulebook import STATUSES
    from qianshao.site.views.people import KINDS

    def titles() -> Iterator[str]:
        for module in registry.modules():
            yield module.title
            for kind in module.kinds:
                yield kind.title
                yield from (phase.title for phase in kind.phases)
                yield from (phase.second for phase in kind.phases)
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
        yield from (place[1] for place in settings.PLACES)
        yield from (
            "驾驶舱",
            settings.CITY_NAME,
            "minute",
            "hour",
            "office_hour",
            "calendar_day",
            "workday",
            "month",
        )

    for title in titles():
        if title:
            yield title, "declarations"


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


def lacking(catalog: Catalog) -> list[str]:
    """Sentences without English, or whose blanks differ from the Chinese ones."""
    bad = []
    for message in catalog:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if not all(strings):
            bad.append(str(message.id))
    return bad


def write(catalog: Catalog) -> None:
    """Write the catalogue without dates or line numbers, so that a diff shows only words."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    catalog.creation_date = None
    buffer = BytesIO()
    write_po(buffer, catalog, width=110, include_lineno=False, omit_header=False, sort_output=True)
    lines = [
        line for line in buffer.getvalue().decode().splitlines() if not line.startswith('"POT-Creation-Date')
    ]
    PO.write_text("\n".join(lines) + "\n", encoding="utf-8")


def compile_catalog() -> None:
    """Write the ``.mo`` file beside the ``.po``."""
    with PO.with_suffix(".mo").open("wb") as file:
        write_mo(file, read())


def main(arguments: list[str]) -> int:
    """0 when all is well; 1 when English is missing."""
    if "--compile" in arguments:
        compile_catalog()
        return 0
    os.environ["QIANSHAO_HOME"] = tempfile.mkdtemp(prefix="qianshao-messages-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qianshao.site.settings")
    import django

    django.setup()
    catalog = merged()
    missing = lacking(catalog)
    if "--check" in arguments:
        stale = {str(m.id) for m in read() if m.id} ^ {str(m.id) for m in catalog if m.id}
        for sentence in missing:
            print(f"no English: {sentence}", file=sys.stderr)
        for sentence in sorted(stale - set(missing)):
            print(f"catalogue out of date: {sentence}", file=sys.stderr)
        return 1 if missing or stale else 0
    write(catalog)
    compile_catalog()
    print(f"{len(catalog)} sentences, {len(missing)} without English")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
