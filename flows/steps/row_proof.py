"""The rows of the database beside what the audit log said when they were written: changed, gone, or never told of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from adapters.store import ClosingStatus, ReturStatus, decided_details, observations_hash, sending_key
from flows.workplace import Workplace
from transforms.approval import DIFFERENS, GODTAGET, VERSION_VALD
from transforms.audit_chain import Lank
from transforms.deviation_register import Handling
from transforms.figures import figures_hash

_DECIDED = tuple(f"arende_{slag}" for slag in Handling)
_JUDGEMENTS = {
    f"retur_{ReturStatus.GODKAND}": (ReturStatus.GODKAND, ReturStatus.ERSATT),
    f"retur_{ReturStatus.STOPPAD}": (ReturStatus.STOPPAD,),
}
"""The states that a return may have after an event."""
_ACCEPTED = {
    GODTAGET: ("period", "vad"),
    DIFFERENS: ("period", "kontroll", "differens_ore"),
    VERSION_VALD: ("val_id",),
}
"""What someone has let stand, by the event that tells of it: what names the row. Of one that is accepted anew the newest counts."""


@dataclass(frozen=True, slots=True)
class Brott:
    """One thing that does not hold: its code and a Swedish sentence."""

    kod: str
    text: str

    def __str__(self) -> str:
        return f"{self.kod} {self.text}"


def row_breaches(workplace: Workplace, links: Sequence[Lank]) -> Iterator[Brott]:
    """Rows of the database beside what the log said when they were written."""
    store, kommun = workplace.store, workplace.kommun.kod
    returns = {retur.id: retur for retur in store.all_returns(kommun)}
    yield from _told(links, returns, "retur_mottagen", "retur_id", ("sha256", "version"))
    reports = {report.id: report for report in store.all_reports(kommun)}
    yield from _told(links, reports, "rapport_sparad", "report_id", ("version", "innehallshash", "filhash"))
    ledgers = {ledger.id: ledger for ledger in store.ledgers(kommun)}
    yield from _told(links, ledgers, "huvudbok_mottagen", "huvudbok_id", ("sha256",))
    judged = {int(link.detaljer["retur_id"]): link for link in links if link.vad in _JUDGEMENTS}
    for retur_id, link in judged.items():
        retur = returns.get(retur_id)
        if retur is not None and retur.status not in _JUDGEMENTS[link.vad]:
            yield Brott(
                "E923", f"Händelse {link.nr} säger {link.vad}, men returen {retur.fil} har läget {retur.status}."
            )
        if retur is not None and sorted({one.code for one in store.findings_for(retur_id)}) != link.detaljer["fel"]:
            yield Brott("E923", f"Fynden i returen {retur.fil} är inte de som händelse {link.nr} säger.")
    yield from _figures_differ(workplace, links)
    yield from _register_differs(workplace, links)
    yield from _acceptances_differ(workplace, links, frozenset(returns))
    yield from _deliveries_differ(workplace, links)


def _register_differs(workplace: Workplace, links: Sequence[Lank]) -> Iterator[Brott]:
    """What closings saw, and decisions on cases, beside what the log says of them."""
    seen = {int(link.detaljer["closing_id"]): link for link in links if link.vad == "avvikelser_sedda"}
    for closing_id, link in seen.items():
        if observations_hash(workplace.store.observations(closing_id)) != link.detaljer["hash"]:
            yield Brott(
                "E923",
                f"Stängning {closing_id} har inte det avvikelseregister som händelse {link.nr} lovade.",
            )
    kommun = workplace.kommun.kod
    told = [link for link in links if link.vad in _DECIDED and link.detaljer["kommun"] == kommun]
    decided = workplace.store.decisions(kommun)
    for link, decision in zip_longest(told, decided):
        if link is None or decision is None or decided_details(decision) != _without_kommun(link):
            what = decision.arende_id if link is None and decision else link.detaljer["arende_id"] if link else ""
            yield Brott("E923", f"Beslutet på ärendet {what} är inte det som granskningsloggen säger.")


def _without_kommun(link: Lank) -> dict[str, object]:
    return {name: value for name, value in link.detaljer.items() if name != "kommun"}


def _told(
    links: Sequence[Lank], rows: Mapping[int, object], vad: str, id_name: str, fields: tuple[str, ...]
) -> Iterator[Brott]:
    """Rows that differ from the event that told of them, are gone, or were never told of."""
    events = {int(link.detaljer[id_name]): link for link in links if link.vad == vad}
    for row_id, link in events.items():
        if row_id not in rows:
            yield Brott("E923", f"Händelse {link.nr} ({vad}) gäller en rad som inte längre finns i databasen.")
            continue
        for name in fields:
            told, found = link.detaljer.get(name), getattr(rows[row_id], name)
            if told is not None and told != found:
                yield Brott("E923", f"Händelse {link.nr} ({vad}) säger {name} {told}, men databasen har nu {found}.")
    for row_id in sorted(set(rows) - set(events)):
        yield Brott("E923", f"{id_name} {row_id} finns i databasen men har aldrig skrivits i granskningsloggen.")


def _figures_differ(workplace: Workplace, links: Sequence[Lank]) -> Iterator[Brott]:
    told = {
        int(link.detaljer["closing_id"]): link
        for link in links
        if link.vad == f"stangning_{ClosingStatus.KLAR}" and "siffror" in link.detaljer
    }
    for closing in workplace.store.finished_closings(workplace.kommun.kod):
        link = told.get(closing.id)
        if link is not None and figures_hash(workplace.store.load_figures(closing.id)) != link.detaljer["siffror"]:
            yield Brott(
                "E923",
                f"Siffrorna i stängning {closing.id} ({closing.period}) är inte de som händelse {link.nr} lovade.",
            )


def _acceptances_differ(workplace: Workplace, links: Sequence[Lank], returns: frozenset[int]) -> Iterator[Brott]:
    """Differences, gaps and findings that someone has accepted, and chosen versions: each is the log's, and none is missing."""
    kommun = workplace.kommun.kod
    for vad, rows in workplace.store.acceptance_rows(kommun).items():
        key = _ACCEPTED[vad]
        own = [link for link in links if link.vad == vad and link.detaljer.get("kommun", kommun) == kommun]
        if vad == VERSION_VALD:
            own = [link for link in own if link.detaljer["retur_id"] in returns]
        told = {tuple(link.detaljer[name] for name in key): link for link in own}
        found = {tuple(row[name] for name in key): row for row in rows}
        for named in [*told, *(named for named in found if named not in told)]:
            if fault := _acceptance_fault(told.get(named), found.get(named)):
                what = " ".join(str(part) for part in named)
                yield Brott("E923", f"Godtagandet {vad} {what} {fault}.")


def _acceptance_fault(link: Lank | None, row: Mapping[str, Any] | None) -> str:
    if link is None:
        return "finns i databasen men har aldrig skrivits i granskningsloggen"
    if row is None:
        return f"finns inte längre i databasen, men händelse {link.nr} säger det"
    told = {**link.detaljer, "tid": link.tid}
    differs = [f"{name} {told.get(name)}" for name, value in row.items() if told.get(name) != value]
    return f"är inte det som händelse {link.nr} säger: {', '.join(differs)}" if differs else ""


def _deliveries_differ(workplace: Workplace, links: Sequence[Lank]) -> Iterator[Brott]:
    """Deliveries and mails whose state is not that of the newest event: one set back by hand would go out twice."""
    store, kommun = workplace.store, workplace.kommun.kod
    sendings = {one.id: one for one in store.all_sendings(kommun)}
    yield from _told(links, sendings, "sandning_planerad", "sandning_id", ("rapport_id", "version", "kanal", "nyckel"))
    for sending in sendings.values():
        if sending.nyckel != sending_key(sending):
            yield Brott("E923", f"Sändning {sending.id} har en annan mottagare eller rapport än den som loggen säger.")
    for what, id_name, states in (
        ("sandning", "sandning_id", {row_id: one.status.value for row_id, one in sendings.items()}),
        ("utskick", "utskick_id", {one.id: one.status.value for one in store.all_dispatches(kommun)}),
    ):
        newest = {
            int(link.detaljer[id_name]): link.vad.removeprefix(f"{what}_")
            for link in links
            if link.vad.startswith(f"{what}_") and id_name in link.detaljer
        }
        for row_id, found in states.items():
            told = newest.get(row_id, "planerad")
            if told != found:
                yield Brott("E923", f"Granskningsloggen säger {told} om {what} {row_id}, men databasen säger {found}.")
