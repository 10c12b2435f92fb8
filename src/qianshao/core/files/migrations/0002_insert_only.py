"""What was kept stays named: rows of kept files are only added."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from qianshao.core.ledger.insert_only import protect


def guard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    protect(editor, "files_storedfile", "sha256 = NEW.sha256")


class Migration(migrations.Migration):
    dependencies = (("files", "0001_initial"), ("ledger", "0002_insert_only"))
    operations = (migrations.RunPython(guard, migrations.RunPython.noop),)
