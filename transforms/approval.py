"""A report's way from utkast to distribuerad: what its signatures say that it is now, and what may be done next.

A signature holds for one version with one innehållshash. Another content is another version, and takes new signatures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from data_contracts.behorighet import Steg
from transforms.audit_chain import Lank, canonical


class Tillstand(StrEnum):
    """The states, in order. RATTAD: sent out, in place of a version that was sent out before."""

    UTKAST = "utkast"
    GRANSKAD = "granskad"
    FASTSTALLD = "fastställd"
    DISTRIBUERAD = "distribuerad"
    RATTAD = "rättad"


GRANSKAD = "rapport_granskad"
FASTSTALLD = "rapport_faststalld"
ATERKALLAD = "rapport_aterkallad"
DISTRIBUERAD = "rapport_distribuerad"
OPPNAD = "period_oppnad"
BESLUT, BEDOMNING = "politiskt_beslut", "revisorernas_bedomning"
GODTAGET, DIFFERENS, VERSION_VALD = "godtaget", "differens_accepterad", "version_vald"
"""Events that tell what someone lets stand: a gap or a finding, a difference, another version of a return than the newest."""
SIGNED = (GRANSKAD, FASTSTALLD, ATERKALLAD, OPPNAD, BESLUT, BEDOMNING)
"""Events that carry a signature."""
BEHORIGHET = "behorighet_galler"
"""The event that says what behorighet.yaml gives whom, before the first right that is taken by it."""
_STEG = {
    GRANSKAD: Steg.GRANSKA,
    FASTSTALLD: Steg.FASTSTALLA,
    ATERKALLAD: Steg.ATERKALLA,
    OPPNAD: Steg.OPPNA,
    BESLUT: Steg.BESLUT,
    BEDOMNING: Steg.BESLUT,
    GODTAGET: Steg.GODTA,
    DIFFERENS: Steg.GODTA,
    VERSION_VALD: Steg.VALJ_VERSION,
}
"""The right that each event takes. Those not in ``SIGNED`` are taken by the account's role alone, without a key."""


class OrdningsFel(ValueError):
    """The step can't be taken now: E935 the order, E936 the content, E937 four eyes, E951 something is missing. The message is Swedish."""


@dataclass(frozen=True, slots=True)
class Signatur:
    """One step that someone took with a report, as the log has it."""

    nr: int
    steg: str
    version: int
    innehallshash: str
    anvandare: str
    roll: str
    tid: dt.datetime
    skal: str = ""


@dataclass(frozen=True, slots=True)
class Lagesbild:
    """Where the newest version of a report stands.

    Attributes:
        granskad, faststalld: the signatures that hold for it.
        bruten: the newest signature that held for another content, and holds no more; None when there is none.
        utsand_version: the newest earlier version that has been sent out, which this one replaces; None when none has.
    """

    tillstand: Tillstand
    granskad: Signatur | None
    faststalld: Signatur | None
    bruten: Signatur | None
    utsand_version: int | None


def signatures_of(links: Sequence[Lank], rapport_id: str) -> tuple[Signatur, ...]:
    """The steps taken with one report, oldest first."""
    return tuple(
        Signatur(
            nr=link.nr,
            steg=link.vad,
            version=int(link.detaljer["version"]),
            innehallshash=str(link.detaljer["innehallshash"]),
            anvandare=link.anvandare,
            roll=link.roll,
            tid=link.tid,
            skal=str(link.detaljer.get("skal", "")),
        )
        for link in links
        if link.vad in (GRANSKAD, FASTSTALLD, ATERKALLAD, DISTRIBUERAD)
        and link.detaljer.get("rapport_id") == rapport_id
    )


def state_of(version: int, innehallshash: str, taken: Sequence[Signatur]) -> Lagesbild:
    """Where a report with that newest version and content stands, by the steps taken with it.

    Example:
        >>> state_of(1, "ab", ()).tillstand.value
        'utkast'
    """
    recalled = max((one.nr for one in taken if one.steg == ATERKALLAD), default=0)
    standing = [one for one in taken if one.nr > recalled]
    own = [one for one in standing if (one.version, one.innehallshash) == (version, innehallshash)]
    reviewed = _newest(own, GRANSKAD)
    settled = _newest(own, FASTSTALLD) if reviewed is not None else None
    earlier = [one.version for one in taken if one.steg == DISTRIBUERAD and one.version < version]
    is_sent = settled is not None and any(one.steg == DISTRIBUERAD for one in own)
    others = [one for one in standing if one not in own and one.steg in (GRANSKAD, FASTSTALLD)]
    if is_sent:
        state = Tillstand.RATTAD if earlier else Tillstand.DISTRIBUERAD
    elif settled is not None:
        state = Tillstand.FASTSTALLD
    else:
        state = Tillstand.GRANSKAD if reviewed is not None else Tillstand.UTKAST
    broken = others[-1] if others and settled is None else None
    return Lagesbild(state, reviewed, settled, broken, max(earlier, default=None))


def _newest(taken: Sequence[Signatur], steg: str) -> Signatur | None:
    return next((one for one in reversed(taken) if one.steg == steg), None)


def check_review(bild: Lagesbild, innehallshash: str, sett: str) -> None:
    """May this draft be reviewed by someone who has seen the content ``sett`` (the hash, or its beginning as printed)?

    Raises:
        OrdningsFel: E935, it is reviewed already; E936, what was seen is not what the draft is now.
    """
    if bild.tillstand is not Tillstand.UTKAST:
        raise OrdningsFel(f"E935 Rapporten är redan {bild.tillstand}. Återkalla den först om den ska granskas om.")
    if len(sett) < 12 or not innehallshash.startswith(sett.lower()):
        raise OrdningsFel(
            f'E936 Du har sett innehållet "{sett}", men utkastet är nu {innehallshash[:12]}. Läs det nya utkastet och ange '
            "hashen som står på varje sida."
        )


def check_settle(bild: Lagesbild, anvandare: str, *, fyra_ogon: bool) -> None:
    """May this account settle the report?

    Raises:
        OrdningsFel: E935, it is not reviewed, or settled already; E937, the same account has reviewed it.
    """
    if bild.tillstand is not Tillstand.GRANSKAD or bild.granskad is None:
        if bild.tillstand is Tillstand.UTKAST:
            raise OrdningsFel("E935 Rapporten är ett utkast. Den ska granskas av en annan innan den fastställs.")
        raise OrdningsFel(f"E935 Rapporten är redan {bild.tillstand}.")
    if fyra_ogon and bild.granskad.anvandare == anvandare:
        raise OrdningsFel(
            f"E937 Kontot {anvandare} har själv granskat rapporten. Två personer behövs: någon annan ska fastställa."
        )


def check_complete(fragor: Sequence[str]) -> None:
    """May the report be settled, with what it lacks or does not agree in?

    Args:
        fragor: what nobody has mended or accepted, a line each.

    Raises:
        OrdningsFel: E951, there is something.
    """
    if fragor:
        raise OrdningsFel(
            f"E951 Rapporten kan inte fastställas än. {len(fragor)} saknas eller skiljer och är inte godtagna: "
            f"{'; '.join(fragor)}. Rätta, eller godta med --godta och --skal, och kör om rapporten."
        )


def check_recall(bild: Lagesbild, skal: str) -> None:
    """May the report be recalled?

    Raises:
        OrdningsFel: E935, there is nothing to recall, or no reason.
    """
    if bild.tillstand is Tillstand.UTKAST:
        raise OrdningsFel("E935 Rapporten är ett utkast: det finns ingen granskning att återkalla.")
    if not skal.strip():
        raise OrdningsFel("E935 Ange varför med --skal. Skälet står i granskningsloggen.")


def is_locked(links: Sequence[Lank], period: str, standing: Sequence[Lagesbild]) -> bool:
    """True when some report of the period is settled and the period has not been opened since."""
    settled = [bild.faststalld.nr for bild in standing if bild.faststalld is not None]
    opened = [link.nr for link in links if link.vad == OPPNAD and link.detaljer.get("period") == period]
    return bool(settled) and max(settled) > max(opened, default=0)


def rights_breaches(links: Sequence[Lank]) -> Iterator[tuple[Lank, str]]:
    """Signed steps and acceptances that the rules in force did not allow, each with what is wrong in Swedish.

    The account had another role, or another key than the step was signed with, or no right to the step; or one account both reviewed
    and settled where four eyes are asked for.
    Steps before the first told rules are not judged.
    """
    rules: Mapping[str, Any] = {}
    reviewed: dict[tuple[object, ...], str] = {}
    for link in links:
        told = link.detaljer
        content = tuple(told.get(name) for name in ("rapport_id", "version", "innehallshash"))
        if link.vad == BEHORIGHET:
            rules = told
        elif link.vad in _STEG and rules:
            breach = _breach(link, rules, reviewed.get(content, ""))
            if breach:
                yield link, breach
        if link.vad == GRANSKAD:
            reviewed[content] = link.anvandare


def _breach(link: Lank, rules: Mapping[str, Any], reviewer: str) -> str:
    """Why the rules in force did not allow the step; '' when they did."""
    konto: Mapping[str, Any] = next((one for one in rules["konton"] if one["anvandare"] == link.anvandare), {})
    if konto.get("roll") != link.roll or link.detaljer.get("roll", link.roll) != link.roll:
        return "kontot hade inte den rollen i behorighet.yaml"
    if link.vad in SIGNED and konto.get("nyckel") != link.detaljer.get("nyckel"):
        return "kontot hade inte den nyckeln i behorighet.yaml"
    if _STEG[link.vad] not in konto["far"]:
        return "rollen fick inte ta steget enligt behorighet.yaml"
    is_same = link.vad == FASTSTALLD and rules["fyra_ogon"] and reviewer == link.anvandare
    return "samma konto har granskat" if is_same else ""


def signed_text(steg: str, details: dict[str, Any], anvandare: str, roll: str, tid: dt.datetime) -> bytes:
    """The bytes that a signature is made over: the step, what it is about, who and when, as canonical JSON."""
    return canonical(
        {
            **{name: value for name, value in details.items() if name not in ("signatur", "nyckel")},
            "steg": steg,
            "anvandare": anvandare,
            "roll": roll,
            "tid": tid.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        }
    ).encode()
