from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from playground.accounts.models import ApiToken, User


class Command(BaseCommand):
    help = "Make an API token for a user and print it. It is not shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line")

    def handle(self, *, email: str, name: str, **options: object) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Nobody has the e-mail address {email}. Sign up, or run: manage.py createsuperuser")
        self.stdout.write(ApiToken.objects.issue(user, name)[1])
