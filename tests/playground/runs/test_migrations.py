"""What older versions have kept is read as before."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from playground.accounts.models import User
from playground.protocol import Frame, TextDelta
from playground.runs.checkpoints import load_answer, load_frames


@pytest.mark.django_db(transaction=True)
def test_checkpoints_of_before_are_packed(alice: User) -> None:
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()  # other applications stand on this one
    try:
        executor.migrate([("runs", "0009_authors")])
        apps = executor.loader.project_state([("runs", "0009_authors")]).apps
        conversation = apps.get_model("runs", "Conversation").objects.create(owner_id=alice.pk, title="wish")
        run = apps.get_model("runs", "Run").objects.create(
            conversation=conversation, author_id=alice.pk, prompt="wish", model_name="m", status="finished"
        )
        frames = [Frame(run=run.pk, seq=seq, at=seq, event=TextDelta(text=f"é{seq}")) for seq in range(1, 4)]
        lines = "\n".join(frame.model_dump_json() for frame in frames)
        apps.get_model("runs", "Checkpoint").objects.create(
            run=run, first_seq=1, last_seq=3, frames=lines, answer="é1é2é3"
        )
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(newest)
    assert load_frames(run.pk, 0) == frames
    assert load_answer(run.pk) == "é1é2é3"
