from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("checks", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="check",
            name="state",
            field=models.CharField(
                choices=[("none", "Not checked"), ("queued", "Waiting"), ("running", "Being checked"), ("done", "Checked")],
                db_index=True,
                default="queued",
                max_length=7,
                verbose_name="state",
            ),
        ),
    ]
