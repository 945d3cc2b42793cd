from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from playground.shelf.cdn.references import split_package
from playground.shelf.starter import Filled, fill_shelf


class Command(BaseCommand):
    help = "Pull what is missing from the starter shelf, or the packages that are named, from the npm registry."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("packages", nargs="*", metavar="name@version")

    def handle(self, *, packages: list[str], verbosity: int, **options: object) -> None:
        wanted = [(parts[0], parts[1] or "latest") for text in packages if (parts := split_package(text))]
        tell = self.stdout.write if verbosity > 1 else lambda text: None
        self.stdout.write(_summary(fill_shelf(wanted or None, tell)))


def _summary(filled: Filled) -> str:
    if "unreachable" in filled.failed.values():
        return (
            f"The package registry cannot be reached: the library shelf stays as it is "
            f"({filled.present + filled.pulled} packages there). Set PLAYGROUND_NPM_REGISTRY to a mirror, "
            "or upload packages on the admin pages."
        )
    failed = f", {len(filled.failed)} failed ({', '.join(sorted(filled.failed)[:5])})" if filled.failed else ""
    return f"Library shelf: {filled.present} packages were there, {filled.pulled} pulled{failed}."
