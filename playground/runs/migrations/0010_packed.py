from typing import Any

from django.db import migrations, models

from playground.protocol import Frame
from playground.runs.lines import line_of
from playground.runs.packing import pack


def pack_all(apps: Any, schema_editor: Any) -> None:
    checkpoints = apps.get_model("runs", "Checkpoint").objects
    for checkpoint in checkpoints.iterator(chunk_size=100):
        lines = [line_of(Frame.model_validate_json(frame)) for frame in checkpoint.frames.split("\n")]
        packed = pack(lines, checkpoint.answer)
        checkpoints.filter(pk=checkpoint.pk).update(packed=packed, is_worded=bool(checkpoint.answer))


class Migration(migrations.Migration):
    dependencies = [("runs", "0009_authors")]

    operations = [
        migrations.AddField("checkpoint", "packed", models.BinaryField(default=b""), preserve_default=False),
        migrations.AddField("checkpoint", "is_worded", models.BooleanField(default=False), preserve_default=False),
        migrations.RunPython(pack_all, migrations.RunPython.noop),
        migrations.RemoveField("checkpoint", "frames"),
        migrations.RemoveField("checkpoint", "answer"),
    ]
