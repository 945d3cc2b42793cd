from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runs", "0004_fences")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="places",
            field=models.JSONField(default=list),
        ),
    ]
