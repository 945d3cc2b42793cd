import socket
import threading

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError


def test_who_sends_a_message_asks_a_broker_that_is_gone_only_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        asked = _count_and_hang_up(server)
        app = Celery(broker=f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        with app, pytest.raises(OperationalError):
            app.send_task("any", retry=False)
        assert len(asked) == 1


def _count_and_hang_up(server: socket.socket) -> list[object]:
    asked: list[object] = []

    def serve() -> None:
        while True:
            try:
                caller, address = server.accept()
            except OSError:
                return
            asked.append(address)
            caller.close()

    threading.Thread(target=serve, daemon=True).start()
    return asked
