"""What was kept stays named: rows of kept files are only added."""

from django.db import migrations

from qianshao.core.ledger.insert_only import protect


def guard(apps, editor):
    protect(editor, "files_storedfile", "sha256 = NEW.sha256")


class Migration(migrations.Migration):
    dependencies = (("files", "0001_initial"), ("ledger", "0002_insert_only"))
    operations = (migrations.RunPython(guard, migrations.RunPython.noop),)
