"""The search index: keyed numbers only, never words (see core/duties/search.py)."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def make(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            cursor.execute("CREATE TABLE duty_search (duty bigint PRIMARY KEY, pieces integer[] NOT NULL)")
            cursor.execute("CREATE INDEX duty_search_pieces ON duty_search USING gin (pieces)")
        else:
            cursor.execute(
                "CREATE VIRTUAL TABLE duty_search USING fts5(pieces, detail=none, columnsize=0, tokenize='ascii')"
            )
            # Sixteen megabytes of new pieces in memory before a segment is written: a third less work in an import.
            cursor.execute("INSERT INTO duty_search (duty_search, rank) VALUES ('hashsize', 16777216)")


class Migration(migrations.Migration):
    dependencies = (("duties", "0001_initial"),)
    operations = (migrations.RunPython(make, migrations.RunPython.noop),)
