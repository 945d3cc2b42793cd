"""Daphne's websockets with a shorter way for what they send, which is done for each flush of each answer."""

from contextlib import suppress

from daphne.ws_protocol import WebSocketProtocol

_FINAL = 0x80  # the message is whole
_TEXT, _BINARY = 1, 2


class DirectWebSocket(WebSocketProtocol):  # type: ignore[misc]  # Daphne has no types
    """Hands a message to the system at once where nothing waits before it: Twisted would ask the loop to be called
    when the socket takes bytes, which it nearly always does, and then ask not to be called any more.
    """

    def serverSend(self, content: str | bytes, binary: bool = False) -> None:
        if self.state != self.STATE_OPEN or self._perMessageCompress or self.send_queue or self.transport.TLS:
            super().serverSend(content, binary)
            return
        payload = content if isinstance(content, bytes) else content.encode()
        frame = _header(_BINARY if binary else _TEXT, len(payload)) + payload
        transport = self.transport
        if transport.connected and not (transport.dataBuffer or transport._tempDataBuffer):
            with suppress(OSError):  # `write` meets it again, and knows what to do
                frame = frame[transport.socket.send(frame) :]
        if frame:
            transport.write(frame)


def _header(kind: int, length: int) -> bytes:
    """Of an unmasked frame (RFC 6455, section 5.2)."""
    if length < 126:
        return bytes((_FINAL | kind, length))
    if length < 1 << 16:
        return bytes((_FINAL | kind, 126)) + length.to_bytes(2)
    return bytes((_FINAL | kind, 127)) + length.to_bytes(8)
