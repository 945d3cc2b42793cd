from django.core.management.base import BaseCommand

from playground.gateway.environment import sync_environment


class Command(BaseCommand):
    help = "Bring the models in line with OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL and DASHSCOPE_API_KEY."

    def handle(self, **options: object) -> None:
        if complaint := sync_environment():
            self.stderr.write(complaint)
