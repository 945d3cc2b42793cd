"""A model server that misbehaves on purpose, so that an installation can be proved without a model.

Over real HTTP and on bare sockets, so that it can be as broken as it likes. The model's id chooses what it does; see
`repertoire`. What it answers depends on the conversation alone (but for refusals, which are counted), so that a build
that is taken up again hears the same.
"""

from agents.misbehaving.repertoire import REPERTOIRE
from agents.misbehaving.server import Misbehaving

__all__ = ["REPERTOIRE", "Misbehaving"]
