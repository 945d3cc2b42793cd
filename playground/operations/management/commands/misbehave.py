import asyncio
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agents.misbehaving import REPERTOIRE, Misbehaving


class Command(BaseCommand):
    help = "Serve models that misbehave, each in its own way, to prove an installation with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8400)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        try:
            asyncio.run(self._serve(host, port))
        except OSError as error:
            raise CommandError(f"Port {port} cannot be listened on: {error.strerror}.") from error
        except KeyboardInterrupt:
            pass

    async def _serve(self, host: str, port: int) -> None:
        server = Misbehaving()
        async with server.running(host, port) as listening:
            self.stdout.write(f"An OpenAI-compatible endpoint at {server.base_url}, without a key. Its models:")
            for name, misbehaviour in REPERTOIRE.items():
                self.stdout.write(f"  {name:<22} {misbehaviour.about}")
            self.stdout.flush()
            await listening.serve_forever()
