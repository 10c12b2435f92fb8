"""When the next of the clocks that run beside a duty's own runs out, so that a step left undone is found."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = (("duties", "0003_marks"),)
    operations = (
        migrations.AddField("duty", "step_at", models.DateTimeField(null=True)),
        migrations.AddField("span", "step_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "duty",
            models.Index(
                fields=("kind", "step_at", "id"), condition=Q(step_at__isnull=False), name="duty_step"
            ),
        ),
    )
