"""One browser for one check: locked in, and killed as a whole, whatever its pages are doing."""

import asyncio
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
from agents.memory import memory_of

MOST_MEMORY = 1536 * 1024 * 1024  # bytes of all its processes; a heavy page takes a third
_LOOK = 0.25  # seconds
_STARTING = 30_000  # ms
# Of several lists Chromium heeds the last, so this one begins with Playwright's own.
_DISABLED = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    # The popups of the address bar nobody sees: pages in processes of their own, in each window. They take
    # two thirds of what opening one costs.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
)
DISABLE_FEATURES = f"--disable-features={','.join(_DISABLED)}"
_ARGUMENTS = (
    DISABLE_FEATURES,
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


@dataclass(slots=True)
class Chromium:
    browser: Browser
    pid: int
    is_too_large: bool = False  # and was killed for that

    @property
    def version(self) -> str:
        return self.browser.version

    def kill(self) -> None:
        """Closing would wait for a page that hangs."""
        with contextlib.suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)

    async def watch_memory(self, most: int) -> None:
        """Nothing else limits it: Chromium reserves far more than it uses."""
        while not self.is_too_large:
            await asyncio.sleep(_LOOK)
            self.is_too_large = memory_of(self.pid) > most
        self.kill()


@asynccontextmanager
async def open_chromium(program: str, level: Level, most_memory: int = MOST_MEMORY) -> AsyncIterator[Chromium]:
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
            chromium = Chromium(browser, int(pid_file.read_text()))
            watching = asyncio.ensure_future(chromium.watch_memory(most_memory))  # noqa: TID251 - it ends with the block
            try:
                yield chromium
            finally:
                watching.cancel()
                chromium.kill()
