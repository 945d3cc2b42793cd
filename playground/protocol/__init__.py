"""The wire schema: every value that crosses between server and browser or script.

A run's log is a sequence of `Frame`s `{run, seq, at, event}`. `seq` counts from 1 without gaps, so a
follower that remembers the last one it saw can ask for exactly the rest, and a replay is idempotent.
The same frames travel over the websocket (`/ws`), as server-sent events, and by long polls (`GET /api/events`).

`frontend/src/protocol.gen.ts` is generated from this package (`make protocol`); a test says when it is stale.
"""

# ruff: noqa: F403 - all that its modules define
from playground.protocol.artifacts import *
from playground.protocol.build_events import *
from playground.protocol.builds import *
from playground.protocol.checks import *
from playground.protocol.conversations import *
from playground.protocol.drafts import *
from playground.protocol.events import *
from playground.protocol.films import *
from playground.protocol.gallery import *
from playground.protocol.people import *
from playground.protocol.races import *
from playground.protocol.runs import *
from playground.protocol.schema import *
from playground.protocol.socket import *
from playground.protocol.takeout import *
from playground.protocol.wishes import *
from playground.protocol.workbench import *
