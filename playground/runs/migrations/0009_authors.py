from django.db import migrations, models


def name_authors(apps, schema_editor):
    """Up to now, whoever owned a conversation had asked for all that is in it."""
    run, conversation = apps.get_model("runs", "Run"), apps.get_model("runs", "Conversation")
    owner = conversation.objects.filter(pk=models.OuterRef("conversation")).values("owner")
    run.objects.filter(author=None).update(author=models.Subquery(owner))


class Migration(migrations.Migration):
    dependencies = [("runs", "0008_together")]

    operations = [migrations.RunPython(name_authors, migrations.RunPython.noop)]
