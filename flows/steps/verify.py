"""The check that nothing has been changed behind the program's back: the log's chain, the stored bytes, the rows, and figures to cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from adapters.log_head import kept_heads
from adapters.objects import ObjektFel
from adapters.signing import is_signed
from adapters.store import Closing, ClosingStatus, ReturStatus, decided_details, observations_hash
from flows.steps.environment import kept_files
from flows.steps.figure_proof import ClosingProof
from flows.steps.gallring import EVENT as GALLRAD
from flows.workplace import Workplace
from transforms.approval import SIGNED, rights_breaches, signed_text
from transforms.audit_chain import Huvud, Kedjefel, Lank, backward_steps, canonical, first_break, head_mismatch
from transforms.deviation_register import Handling
from transforms.figures import figures_hash

_FILE_LISTS = ("filer",)
"""Details of events that list objects by name."""
_DECIDED = tuple(f"arende_{slag}" for slag in Handling)
_JUDGEMENTS = {
    f"retur_{ReturStatus.GODKAND}": (ReturStatus.GODKAND, ReturStatus.ERSATT),
    f"retur_{ReturStatus.STOPPAD}": (ReturStatus.STOPPAD,),
}
"""The states that a return may have after an event."""


@dataclass(frozen=True, slots=True)
class Brott:
    """One thing that does not hold: its code and a Swedish sentence."""

    kod: str
    text: str

    def __str__(self) -> str:
        return f"{self.kod} {self.text}"


@dataclass(frozen=True, slots=True)
class Verifierat:
    """What a check came to.

    Attributes:
        huvud: the log's head now. huvuden: how many kept heads the log was held against.
        objekt: how many stored objects were read again; gallrade: how many have a logged tombstone instead.
        siffror: how many figures were followed back, of ``siffror_finns``.
        brott: everything that does not hold, the first broken link first.
        noteringar: what a person should know but is no breach.
    """

    huvud: Huvud
    huvuden: int
    objekt: int
    gallrade: int
    siffror: int
    siffror_finns: int
    brott: tuple[Brott, ...]
    noteringar: tuple[str, ...]


def verify(workplace: Workplace, *, period: str, sample: int | None, against: Sequence[Huvud]) -> Verifierat:
    """Check the home.

    Args:
        period: only that month's figures; '' for all.
        sample: how many figures of each closing to follow back to their cells; None for all.
        against: heads kept by others; those of the home's own file are always used too.
    """
    links = workplace.store.journal()
    heads = (*against, *kept_heads(workplace.hem.huvudfil))
    fault = first_break(links)
    brott = [*_chain(workplace, links, fault, heads)]
    links = links if fault is None else links[: fault.nr - 1]  # what comes after the break tells nothing
    buried = {str(link.detaljer["sha256"]): link for link in links if link.vad == GALLRAD}
    objects, broken = _objects(workplace, links, buried)
    brott += [*broken, *(_rows(workplace, links) if fault is None else ())]
    brott += _signatures(links)
    head = workplace.store.log_head()
    checked = total = 0
    for closing in _closings(workplace, period):
        proof = ClosingProof(workplace, closing, frozenset(buried))
        chosen = proof.chosen(sample, str(head))
        checked, total = checked + len(chosen), total + len(proof)
        brott += [Brott("E924", text) for text in proof.broken(chosen)]
    notes = tuple(
        f"Klockan gick bakåt före händelse {nr}; ordningen i loggen gäller ändå." for nr in backward_steps(links)
    )
    return Verifierat(head, len(heads), objects, len(buried), checked, total, tuple(brott), notes)


def _closings(workplace: Workplace, period: str) -> tuple[Closing, ...]:
    """The newest finished closing of each month and of each period's books, or of that period."""
    finished = workplace.store.finished_closings(workplace.kommun.kod)
    newest = {(closing.period, closing.slag): closing for closing in finished}
    return tuple(closing for (month, _), closing in sorted(newest.items()) if period in ("", month))


def _chain(
    workplace: Workplace, links: Sequence[Lank], fault: Kedjefel | None, heads: Sequence[Huvud]
) -> Iterator[Brott]:
    if fault is not None:
        yield Brott("E920", f"Granskningsloggen är bruten: {fault.text}.")
    hashes = {link.nr: link.hash for link in links}
    for head in heads:
        mismatch = head_mismatch(hashes, head)
        if mismatch is not None:
            yield Brott(
                "E922", f"Granskningsloggen stämmer inte med ett huvud som sparats utanför lagret: {mismatch.text}."
            )
            break
    missing = workplace.store.missing_log_guard()
    if missing:
        yield Brott("E925", f"Databasens spärr mot ändringar i granskningsloggen saknas: {', '.join(missing)}.")


def _signatures(links: Sequence[Lank]) -> Iterator[Brott]:
    """Signed steps whose signature is not that of the key over what the log says."""
    for link in links:
        if link.vad in SIGNED:
            details = dict(link.detaljer)
            text = signed_text(link.vad, details, link.anvandare, link.roll, link.tid)
            if not is_signed(text, str(details.get("signatur", "")), str(details.get("nyckel", ""))):
                yield Brott("E939", f"Signaturen i händelse {link.nr} ({link.vad}, {link.anvandare}) är inte äkta.")
    for link, fault in rights_breaches(links):
        yield Brott("E939", f"Signaturen i händelse {link.nr} ({link.vad}, {link.anvandare}) gäller inte: {fault}.")


def _objects(workplace: Workplace, links: Sequence[Lank], buried: Mapping[str, Lank]) -> tuple[int, tuple[Brott, ...]]:
    """How many objects were read again, and those that are not what they were. Files of older receipts count too."""
    named = dict(workplace.store.objects_named())
    for link in links:
        for key in _FILE_LISTS:
            for name, sha256 in dict(link.detaljer.get(key, {})).items():
                named.setdefault(str(sha256), str(name))
    for closing in workplace.store.finished_closings(workplace.kommun.kod):
        for sha256, what in kept_files(workplace, closing).items():
            named.setdefault(sha256, what)
    brott: list[Brott] = []
    for sha256, what in named.items():
        if sha256 in buried:
            brott.extend(_tombstone(workplace, sha256, what, buried[sha256]))
            continue
        try:
            workplace.objects.get(sha256)
        except ObjektFel as error:
            code, _, text = str(error).partition(" ")
            brott.append(Brott(code, f"{what}: {text}"))
    return len(named) - sum(sha256 in named for sha256 in buried), tuple(brott)


def _tombstone(workplace: Workplace, sha256: str, what: str, link: Lank) -> Iterator[Brott]:
    stone = workplace.objects.tombstone(sha256)
    if workplace.objects.exists(sha256):
        yield Brott(
            "E923", f"{what}: gallrad enligt händelse {link.nr}, men filen finns kvar. Kör rodatraden gallra igen."
        )
    elif stone is None or stone.decode("utf-8", "replace") != canonical(link.detaljer):
        yield Brott("E923", f"{what}: gallrad enligt händelse {link.nr}, men gravstenen i lagret säger något annat.")


def _rows(workplace: Workplace, links: Sequence[Lank]) -> Iterator[Brott]:
    """Rows of the database beside what the log said when they were written."""
    store, kommun = workplace.store, workplace.kommun.kod
    returns = {retur.id: retur for retur in store.all_returns(kommun)}
    yield from _told(links, returns, "retur_mottagen", "retur_id", ("sha256", "version"))
    reports = {report.id: report for report in store.all_reports(kommun)}
    yield from _told(links, reports, "rapport_sparad", "report_id", ("version", "innehallshash", "filhash"))
    judged = {int(link.detaljer["retur_id"]): link for link in links if link.vad in _JUDGEMENTS}
    for retur_id, link in judged.items():
        retur = returns.get(retur_id)
        if retur is not None and retur.status not in _JUDGEMENTS[link.vad]:
            yield Brott(
                "E923", f"Händelse {link.nr} säger {link.vad}, men returen {retur.fil} har läget {retur.status}."
            )
    yield from _figures_differ(workplace, links)
    yield from _register_differs(workplace, links)


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
