"""The check that nothing has been changed behind the program's back: the log's chain, the stored bytes, the rows, and figures to cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from adapters.log_head import kept_heads
from adapters.objects import ObjektFel
from adapters.signing import is_signed
from adapters.store import Closing
from flows.steps.environment import kept_files
from flows.steps.figure_proof import ClosingProof
from flows.steps.gallring import EVENT as GALLRAD
from flows.steps.row_proof import Brott, row_breaches
from flows.workplace import Workplace
from transforms.approval import SIGNED, rights_breaches, signed_text
from transforms.audit_chain import Huvud, Kedjefel, Lank, backward_steps, canonical, first_break, head_mismatch

_FILE_LISTS = ("filer",)
"""Details of events that list objects by name."""


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
    brott += [*broken, *(row_breaches(workplace, links) if fault is None else ())]
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
    for link, breach in rights_breaches(links):
        yield Brott("E939", f"Händelse {link.nr} ({link.vad}, {link.anvandare}) gäller inte: {breach}.")


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
