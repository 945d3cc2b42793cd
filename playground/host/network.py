"""The hosts that the pages of one label may reach beyond their own."""

from asgiref.sync import sync_to_async

from playground.artifacts.models import Artifact
from playground.artifacts.network import cut_hosts
from playground.runs.models import Run


async def allowed_hosts(label: str) -> list[str]:
    """Those of the artifact `label`, or of the one that the run `label` goes on with; cut by the operator's policy."""
    hosts = await Artifact.objects.filter(pk=label).values_list("allowed_hosts", flat=True).afirst()
    if hosts is None:
        runs = Run.objects.filter(pk=label)
        hosts = await runs.values_list("conversation__artifact__allowed_hosts", flat=True).afirst()
    return await sync_to_async(cut_hosts)(hosts) if hosts else []
