"""What was drawn or given stays: rows are only added, and each restates an entry of the ledger."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from qianshao.core.ledger.insert_only import protect


def guard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for table in ("meters_limit", "meters_explanation", "meters_drawn"):
        protect(editor, table, "eid = NEW.eid")


class Migration(migrations.Migration):
    dependencies = (("meters", "0001_initial"), ("ledger", "0002_insert_only"))
    operations = (migrations.RunPython(guard, migrations.RunPython.noop),)
