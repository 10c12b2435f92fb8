"""Roots of full blocks of leaves, which make old proofs quick, and the daily heads."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from qianshao.core.ledger.insert_only import protect
from qianshao.kernel.ledger.hashes import ALGORITHMS
from qianshao.kernel.ledger.merkle import root_of


def fill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The blocks of a log that was there before, then the guards."""
    leaf, block = apps.get_model("ledger", "Leaf"), apps.get_model("ledger", "LeafBlock")
    last = leaf.objects.order_by("-seq").values_list("seq", flat=True).first()
    for number in range(0 if last is None else (last + 1) >> 12):
        leaves = list(
            leaf.objects.filter(seq__gte=number << 12, seq__lt=(number + 1) << 12)
            .order_by("seq")
            .values_list("sha256", "sm3")
        )
        sides = zip(ALGORITHMS, zip(*leaves, strict=True), strict=True)
        sha256, sm3 = (root_of(alg, map(bytes, side)) for alg, side in sides)
        block.objects.create(number=number, sha256=sha256, sm3=sm3)
    protect(editor, "ledger_leafblock", "number = NEW.number")
    protect(editor, "ledger_dayheads", "id = NEW.id")


class Migration(migrations.Migration):
    dependencies = (("ledger", "0002_insert_only"),)
    operations = (
        migrations.CreateModel(
            name="LeafBlock",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sha256", models.BinaryField(max_length=32)),
                ("sm3", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="DayHeads",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("note", models.TextField()),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    )
