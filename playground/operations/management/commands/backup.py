from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from playground.operations.backups.making import make_backup
from playground.operations.backups.manifest import BackupError


class Command(BaseCommand):
    help = "Back up the database and all artifact files, while the playground runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, help="a new folder, or a file that ends with .tar, .tar.gz or .tgz")

    def handle(self, *args: Any, target: Path, **options: Any) -> None:
        try:
            manifest = make_backup(target.absolute(), self.stderr.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        size = sum(item.size for item in manifest.files.values())
        self.stdout.write(f"{target}: {len(manifest.files)} files, {size / 1_000_000:.1f} MB. Keep it secret.")
