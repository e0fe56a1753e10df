"""What a look at the calendar came to, for the terminal: what was due and what became of it."""

from __future__ import annotations

from adapters.store import UtskickStatus
from flows.steps.remind import Reminded, Utfall

_STATUS = {
    None: "skulle skickas",
    UtskickStatus.PLANERAD: "väntar",
    UtskickStatus.SANDS: "skickas av ett annat program just nu",
    UtskickStatus.SKICKAD: "redan skickat",
    UtskickStatus.OSAKER: "osäkert om det gick ut",
}


def as_lines(reminded: Reminded) -> tuple[str, ...]:
    """What was due and what became of it, in Swedish, a line each."""
    days = reminded.days
    lines = [
        f"{days.period.text.capitalize()}: mall {days.mall}, påminnelse {days.paminnelse}, senast {days.senast_text}, "
        f"försenad {days.forsenad}, eskalering {days.eskalering}."
    ]
    lines.extend(f"OBS: {text}" for text in reminded.saknas)
    lines.extend(_line(one) for one in reminded.utfall)
    if not reminded.utfall:
        lines.append("Inget att skicka i dag.")
    elif not reminded.has_server:
        lines.append("Inget har skickats: ingen e-postserver är angiven (epost i installningar.yaml).")
    return tuple(lines)


def _line(one: Utfall) -> str:
    said = "skickat" if one.is_new and one.status is UtskickStatus.SKICKAD else _STATUS[one.status]
    return f"  {one.notis.forvaltning:<8} {one.notis.slag.text:<22} {one.notis.roll}, {one.notis.mottagare}: {said}"
