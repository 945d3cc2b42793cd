"""Daphne on uvloop, where a token costs a tenth less: `python -m playground.config.web` takes Daphne's arguments."""

import uvloop
from twisted.internet import asyncioreactor

asyncioreactor.install(uvloop.new_event_loop())  # type: ignore[no-untyped-call]  # before Daphne installs one of asyncio's

from daphne.cli import CommandLineInterface
from daphne.ws_protocol import WebSocketFactory

from playground.config.sockets import DirectWebSocket

if __name__ == "__main__":
    WebSocketFactory.protocol = DirectWebSocket
    CommandLineInterface.entrypoint()
