from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('artifacts', '0006_drafts'),
    ]

    operations = [
        migrations.AddField(
            model_name='artifact',
            name='views',
            field=models.PositiveIntegerField(db_index=True, default=0),
        ),
    ]
