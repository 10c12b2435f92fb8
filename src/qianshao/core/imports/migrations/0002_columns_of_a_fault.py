from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="importfault",
            name="columns",
            field=models.CharField(default="", max_length=60),
        ),
    ]
