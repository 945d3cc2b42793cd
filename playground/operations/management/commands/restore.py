from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from playground.operations.backups.manifest import BackupError
from playground.operations.backups.restoring import restore_backup


class Command(BaseCommand):
    help = "Restore a backup into an empty playground. Stop all its processes first."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path)
        parser.add_argument("--force", action="store_true", help="replace the playground that is there")

    def handle(self, *args: Any, source: Path, force: bool, **options: Any) -> None:
        try:
            manifest = restore_backup(source, force=force)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Restored {len(manifest.files)} files of {manifest.created_at.isoformat(timespec='seconds')}."
        )
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("The backup is of an older Playground: now run manage.py migrate.")
