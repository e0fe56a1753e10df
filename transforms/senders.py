"""Who a return came from, against the addresses that kommun.yaml knows. What came another way than by mail is not asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.kommun import Kommun


def known_address(kommun: Kommun, address: str) -> str | None:
    """The address as kommun.yaml spells it, when it is one of the economy office's or a förvaltning's; else None."""
    return {known.lower(): known for known in (*_office(kommun), *_all(kommun))}.get(address.lower())


def sender_findings(
    addresses: Sequence[str],
    forvaltning: str | None,
    kommun: Kommun,
    felkoder: Mapping[str, Felkod],
    *,
    file: str,
) -> tuple[Finding, ...]:
    """What is wrong with the senders of one version: nothing when any of its arrivals is one that may send it.

    Args:
        addresses: of every arrival; '' for one that came another way than by mail.
        forvaltning: whose return it is; '' for the budget register, which only the economy office may mail; None when it doesn't tell.

    Returns:
        E160 for an address that nobody has, E161 for one that belongs to another förvaltning; at most one.
    """
    if not addresses or "" in addresses:
        return ()
    office = {address.lower() for address in _office(kommun)}
    own = {address.lower() for address in _of(kommun, forvaltning)} if forvaltning else set()
    known = [address for address in addresses if known_address(kommun, address) is not None]
    if any(address.lower() in office | own for address in known):
        return ()
    if not known:
        return (felkoder["E160"].finding(file=file, found=addresses[-1]),)
    if forvaltning is None:
        return ()
    whose = kommun.forvaltning(forvaltning).namn if forvaltning else "ekonomikontoret"
    return (felkoder["E161"].finding(file=file, found=known[-1], vantat=whose),)


def _office(kommun: Kommun) -> tuple[str, ...]:
    return tuple(one.adress for one in kommun.ekonomikontor)


def _of(kommun: Kommun, forvaltning: str) -> tuple[str, ...]:
    return tuple(one.adress for one in kommun.forvaltning(forvaltning).avsandare)


def _all(kommun: Kommun) -> tuple[str, ...]:
    return tuple(one.adress for forvaltning in kommun.forvaltningar for one in forvaltning.avsandare)
