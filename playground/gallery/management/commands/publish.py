from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from playground.accounts.models import User
from playground.artifacts.addresses import public_url
from playground.artifacts.models import Visibility
from playground.artifacts.services import create_artifact
from playground.errors import PlaygroundError
from playground.gallery.house import house_user


class Command(BaseCommand):
    help = "Publish files or folders as one artifact and print its permalink."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="+", type=Path, help="a file, or a folder with all its files")
        parser.add_argument("--title", default="", help="default: the name of the first path")
        parser.add_argument("--visibility", choices=Visibility.values, default=Visibility.LINK)
        parser.add_argument("--owner", metavar="EMAIL", help="default: the playground itself")

    def handle(self, **options: object) -> None:
        paths: list[Path] = options["path"]  # type: ignore[assignment]
        try:
            version = create_artifact(
                owner=_owner(str(options["owner"] or "")),
                title=str(options["title"]) or paths[0].resolve().stem,
                files=_read(paths),
                visibility=str(options["visibility"]),
            )
        except PlaygroundError as error:
            raise CommandError(error.message) from error
        self.stdout.write(public_url(version.artifact.get_absolute_url()))


def _owner(email: str) -> User:
    if not email:
        return house_user()
    user = User.objects.filter(email=email).first()
    if user is None:
        raise CommandError(f"Nobody has the e-mail address {email}.")
    return user


def _read(paths: list[Path]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for path in paths:
        if path.is_dir():
            files |= {
                str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()
            }
        elif path.is_file():
            files[path.name] = path.read_bytes()
        else:
            raise CommandError(f"{path} does not exist.")
    return files
