"""One check, from the claim to the end."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from playwright.async_api import Error

from agents.browser import Measurements, Pictures, check, find_chromium
from agents.browser.isolation import probe
from playground.background import spawn
from playground.checks.models import Check, Reason
from playground.checks.services import BEAT, beat, finish_check, give_up, retry_check
from playground.checks.serving import exhibit_of

type Found = tuple[Measurements, Pictures]
type Look = Callable[[], Awaitable[Found]]

logger = logging.getLogger(__name__)


def run_check(claimed: Check) -> None:
    program = find_chromium(settings.CHROMIUM)
    if program is None:
        give_up(claimed, Reason.NO_BROWSER)
        return
    begun = time.monotonic()
    level = probe()
    look = partial(check, exhibit_of(claimed.version), program, level, claimed.seed)
    try:
        measured, pictures = async_to_sync(_look_alive)(claimed, look)
    except (Error, TimeoutError, OSError):
        logger.exception("%s could not be checked", claimed.version)
        retry_check(claimed, Reason.NO_START)
        return
    finish_check(claimed, measured, pictures, level, round(1000 * (time.monotonic() - begun)))


async def _look_alive(claimed: Check, look: Look) -> Found:
    """Meanwhile the database learns every few seconds that somebody is at it."""
    beating = spawn(_beat(claimed), name="the beat of a check")
    try:
        return await look()
    finally:
        beating.cancel()


async def _beat(claimed: Check) -> None:
    while True:
        await asyncio.sleep(BEAT)
        await sync_to_async(beat)(claimed)
