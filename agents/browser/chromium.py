"""One browser for one check: locked in, and killed as a whole, whatever its pages are doing."""

import contextlib
import os
import shlex
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from agents.browser.isolation import Level, command_for, environment

_STARTING = 30_000  # ms
_ARGUMENTS = (
    "--no-first-run",
    "--mute-audio",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    # Whatever asks the network all the same, finds no name and no way.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)


@dataclass(frozen=True, slots=True)
class Chromium:
    browser: Browser
    pid_file: Path

    @property
    def version(self) -> str:
        return self.browser.version

    def kill(self) -> None:
        """Closing would wait for a page that hangs."""
        with contextlib.suppress(OSError, ValueError):
            os.killpg(int(self.pid_file.read_text()), signal.SIGKILL)


@asynccontextmanager
async def open_chromium(program: str, level: Level) -> AsyncIterator[Chromium]:
    """It ends with the block, and with this process."""
    with tempfile.TemporaryDirectory(prefix="playground-check-", ignore_cleanup_errors=True) as folder:
        starter, pid_file = Path(folder) / "chromium", Path(folder) / "pid"
        # Playwright starts it in a group of its own, and speaks to it through inherited pipes.
        command = shlex.join(command_for(program, level))
        starter.write_text(f'#!/bin/sh\nulimit -c 0\necho $$ > {shlex.quote(str(pid_file))}\nexec {command} "$@"\n')
        starter.chmod(0o700)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=str(starter),
                args=list(_ARGUMENTS),
                # Bubblewrap is the sandbox; without it Chromium's own is, unless root is who starts it.
                chromium_sandbox=level is Level.PROXY and os.geteuid() != 0,
                env={**environment(), "HOME": folder},
                timeout=_STARTING,
            )
            chromium = Chromium(browser, pid_file)
            try:
                yield chromium
            finally:
                chromium.kill()
