"""What a look at the settled reports came to, for the terminal: what was sent to whom, what waits, and why."""

from __future__ import annotations

from adapters.store import SandningStatus
from flows.steps.deliver import Distribuerat

_WORDS = {
    None: "skulle sändas",
    SandningStatus.PLANERAD: "inte sänd än",
    SandningStatus.SANDS: "sänds av en annan körning",
    SandningStatus.LEVERERAD: "levererad",
    SandningStatus.NEKAD: "nekad",
    SandningStatus.OSAKER: "osäkert",
    SandningStatus.INSTALLD: "inställd",
}


def as_lines(done: Distribuerat, period: str) -> tuple[str, ...]:
    """Each delivery and what became of it, in Swedish, a line each; of a dry run also what the mails would be."""
    lines = []
    for one in done.sandningar:
        word = _WORDS[one.status] + ("" if one.is_new or one.status is None else " sedan tidigare")
        lines.append(
            f"{one.rapport_id} v{one.version}  {one.till.kanal:11} {one.till.mottagare} ({one.till.roll}): {word}"
        )
        lines.extend(f"    {line}" for line in one.innehall)
    lines.extend(f"Väntar: {line}." for line in done.vantar)
    return tuple(lines) or (f"Det finns inget att sända för {period}.",)
