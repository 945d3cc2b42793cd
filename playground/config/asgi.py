"""The ASGI application: HTTP to Django, `/ws` to the run consumer. Free of server specifics: Daphne, uvicorn, …"""

import gc
import os
import sys
from typing import Any

from django.core.asgi import get_asgi_application

from playground.config.telemetry import begin_telemetry

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.config.settings")
begin_telemetry()
sys.setswitchinterval(0.001)  # seconds; the database's threads are not to wait for the loop longer than they work
http = get_asgi_application()

# After the applications are loaded: these import models.
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

import agents.llm.openai_compatible  # noqa: F401 - it takes a second to load, which the first answer is not to wait for
from playground.config.isolation import SameOriginWebsockets
from playground.config.sessions import Visitors
from playground.runs.consumers import RunConsumer

routes: list[Any] = [path("ws", RunConsumer.as_asgi())]  # type: ignore[arg-type]  # Channels routes like URLs
websocket = SameOriginWebsockets(Visitors(URLRouter(routes)))
application = ProtocolTypeRouter({"http": http, "websocket": websocket})

gc.freeze()  # what is loaded by now stays, and need not be looked through again
gc.set_threshold(5_000, 10, 200)  # short stops of the loop, and more of them: an answer waits for the longest
