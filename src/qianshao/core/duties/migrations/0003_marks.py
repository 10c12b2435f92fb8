"""What is true of a duty, by name, so that figures can count it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("duties", "0002_search"),)
    operations = (
        migrations.AddField("duty", "marks", models.CharField(max_length=1000, default="")),
        migrations.AlterField("duty", "rule", models.CharField(max_length=1000)),
        migrations.AddField("span", "marks", models.CharField(max_length=1000, default="")),
    )
