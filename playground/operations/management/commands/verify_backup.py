from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from playground.operations.backups.manifest import BackupError
from playground.operations.backups.restoring import verify_backup


class Command(BaseCommand):
    help = "Read all of a backup and compare it with the hashes of its manifest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path)

    def handle(self, *args: Any, source: Path, **options: Any) -> None:
        try:
            manifest = verify_backup(source)
        except BackupError as error:
            raise CommandError(str(error)) from error
        made = manifest.created_at.isoformat(timespec="seconds")
        self.stdout.write(f"{source} is whole: {len(manifest.files)} files of {made}, {manifest.engine}.")
