import random
import socket
from collections.abc import Iterator

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from playground.config.sockets import DirectWebSocket

type Pair = tuple["Transport", socket.socket]


class Transport:
    """Twisted's, as far as is needed: what the socket does not take waits, until somebody drains it."""

    TLS = False
    connected = True

    def __init__(self, own: socket.socket) -> None:
        self.socket = own
        self.dataBuffer = b""
        self._tempDataBuffer: list[bytes] = []

    def write(self, data: bytes) -> None:
        self._tempDataBuffer.append(data)

    def drain(self) -> None:
        self.dataBuffer += b"".join(self._tempDataBuffer)
        self._tempDataBuffer.clear()
        try:
            self.dataBuffer = self.dataBuffer[self.socket.send(self.dataBuffer) :]
        except BlockingIOError:
            return


@pytest.fixture
def pair() -> Iterator[Pair]:
    server, browser = socket.socketpair()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    server.setblocking(False)
    browser.setblocking(False)
    with server, browser:
        yield Transport(server), browser


def serve(transport: Transport) -> DirectWebSocket:
    websocket = DirectWebSocket()
    websocket.state, websocket.transport = websocket.STATE_OPEN, transport
    websocket._perMessageCompress, websocket.send_queue = None, []
    return websocket


def read(browser: socket.socket) -> bytes:
    try:
        return browser.recv(1 << 20)
    except BlockingIOError:
        return b""


def test_what_a_slow_browser_does_not_take_comes_later_and_in_order(pair: Pair) -> None:
    transport, browser = pair
    websocket = serve(transport)
    luck = random.Random(5)
    sizes = [1, 125, 126, 65_535, 65_536, 300_000, *(luck.randrange(1, 20_000) for _ in range(40))]
    sent: list[str | bytes] = [chr(97 + number % 26) * size for number, size in enumerate(sizes)]
    sent[3] = b"\x00\xff" * 900
    client = ClientProtocol(parse_uri("ws://localhost/"), state=State.OPEN, max_size=None)
    waited = False
    for message in sent:
        websocket.serverSend(message, isinstance(message, bytes))
        waited = waited or bool(transport._tempDataBuffer)
        if luck.random() < 0.5:
            transport.drain()
            client.receive_data(read(browser) or b"")
    while transport._tempDataBuffer or transport.dataBuffer:
        transport.drain()
        client.receive_data(read(browser))
    client.receive_data(read(browser))
    frames = [frame for frame in client.events_received() if isinstance(frame, Frame)]
    assert waited
    assert [
        bytes(frame.data) if frame.opcode is Opcode.BINARY else bytes(frame.data).decode() for frame in frames
    ] == sent


def test_a_message_that_the_socket_takes_is_there_at_once(pair: Pair) -> None:
    transport, browser = pair
    serve(transport).serverSend("hello")
    assert read(browser) == b"\x81\x05hello"
    assert not transport._tempDataBuffer


def test_of_a_socket_that_is_gone_twisted_learns(pair: Pair) -> None:
    transport, browser = pair
    browser.close()
    serve(transport).serverSend("hello")
    assert transport._tempDataBuffer == [b"\x81\x05hello"]
