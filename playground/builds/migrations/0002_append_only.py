"""The database itself refuses to change an entry of a journal. Builds can still be deleted, and their entries with them."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = """
CREATE TRIGGER builds_entry_append_only BEFORE UPDATE ON builds_entry
BEGIN SELECT RAISE(ABORT, 'a journal is only ever added to'); END
"""
POSTGRES = """
CREATE FUNCTION builds_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a journal is only ever added to' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER builds_entry_append_only BEFORE UPDATE ON builds_entry
FOR EACH ROW EXECUTE FUNCTION builds_entry_refuse()
"""


def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(POSTGRES if editor.connection.vendor == "postgresql" else SQLITE)


def unguard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    on = " ON builds_entry" if editor.connection.vendor == "postgresql" else ""
    editor.execute(f"DROP TRIGGER builds_entry_append_only{on}")
    if on:
        editor.execute("DROP FUNCTION builds_entry_refuse()")


class Migration(migrations.Migration):
    dependencies = [("builds", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
