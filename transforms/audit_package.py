"""What the first page of the package for revisorerna shows: ready text in tables, built from the package's own data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data_contracts.kommun import Kommun
from transforms.approval import BEHORIGHET, DISTRIBUERAD, SIGNED
from transforms.belopp import belopp_text
from transforms.book_types import Bok
from transforms.period import Period
from transforms.view_types import Rapport

_DELIVERIES = ("sandning_", "leverans_", "utskick_")
_TOLD = {
    "rapport_id": "",
    "fil": "",
    "retur_id": "retur nr",
    "closing_id": "stängning nr",
    "arende_id": "ärende",
    "kontroll": "",
    "version": "version",
    "innehallshash": "innehåll",
    "sha256": "sha256",
    "kanal": "kanal",
    "organ": "",
    "datum": "",
    "paragraf": "§",
    "skal": "skäl:",
    "poster": "",
    "till": "till",
    "fel": "fynd",
    "antal": "antal",
    "referens": "enligt",
}
"""Details of events that a person reads, in order, each with the word before it. The rest stands in the log's own file."""
_HASH, _HASH_SHOWN = 64, 12
_SIGNED = frozenset({*SIGNED, BEHORIGHET, DISTRIBUERAD, "utgava_gjord"})
"""Events about rights, signatures, decisions and settled editions."""


@dataclass(frozen=True, slots=True)
class Fil:
    """A file of the package to lead to: its name and place."""

    namn: str
    plats: str


@dataclass(frozen=True, slots=True)
class Rapportlage:
    """A report of the package: version and state, what it shows, and the places of the files of its settled edition, if it has one."""

    version: int
    tillstand: str
    vy: Rapport
    utgava: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handelse:
    """An event of the audit log that concerns the period: its name in the log, and what it is called and tells for people."""

    nr: int
    tid: str
    konto: str
    roll: str
    vad: str
    text: str
    detaljer: str


@dataclass(frozen=True, slots=True)
class Rad:
    """A row of a table: its cells as text, and where its first one leads ('' for nowhere)."""

    celler: tuple[str, ...]
    plats: str = ""


@dataclass(frozen=True, slots=True)
class Del:
    """A part of the page: heading, what it shows, and its table; ``tomt`` is said where there are no rows."""

    id: str
    rubrik: str
    ingress: str
    kolumner: tuple[str, ...]
    rader: tuple[Rad, ...]
    tomt: str


@dataclass(frozen=True, slots=True)
class Granskning:
    """The whole page. ``rapporter``: per report its title and files."""

    kommun: str
    marke: str
    accentfarg: str
    period_text: str
    rapporter: tuple[tuple[str, str, tuple[Fil, ...]], ...]
    delar: tuple[Del, ...]
    antal_siffror: int
    logghuvud: str


def build_overview(
    kommun: Kommun,
    period: Period,
    reports: Sequence[Rapportlage],
    data: Mapping[str, Any],
    events: Sequence[Handelse],
    rules: tuple[Fil, ...],
    head: str,
) -> Granskning:
    """The page of a closing's package.

    Args:
        data: the package's tables by name.
        events: those of the log that concern the period, oldest first.
        rules: configuration and contracts that applied.
        head: the log's, ``17:ab12…``.
    """
    return Granskning(
        kommun=kommun.namn,
        marke=kommun.marke,
        accentfarg=kommun.profil.accentfarg,
        period_text=period.text,
        rapporter=tuple(_report(one) for one in reports),
        delar=tuple(_parts(kommun, data, events, rules, [one.vy for one in reports])),
        antal_siffror=len({spar.figure_id for one in reports for spar in one.vy.spar}),
        logghuvud=head,
    )


def _report(one: Rapportlage) -> tuple[str, str, tuple[Fil, ...]]:
    """Title, state and files of a report: the settled ones first, where it is settled."""
    view = one.vy
    draft = "utkastets " if one.utgava else ""
    named = {f"{view.id}.pdf": "fastställd PDF", f"tjansteskrivelse-{view.id}.docx": "tjänsteskrivelse"}
    settled = {place.rpartition("/")[2]: place for place in one.utgava}
    files = (
        *(Fil(text, settled[name]) for name, text in named.items() if name in settled),
        Fil(f"{draft}PDF", f"rapporter/{view.id}.pdf"),
        Fil(f"{draft}Excelbilaga", f"rapporter/{view.id}.xlsx"),
        Fil("läs med spår", f"lasning/{view.id}.html"),
        Fil("alla siffror", f"lasning/{view.id}-spar.html"),
    )
    return view.titel, f"version {one.version}, {one.tillstand}", files


def _parts(
    kommun: Kommun,
    data: Mapping[str, Any],
    events: Sequence[Handelse],
    rules: tuple[Fil, ...],
    views: Sequence[Rapport],
) -> Iterator[Del]:
    books = [view for view in views if isinstance(view, Bok)]
    if books:
        yield _requirements(books)
    else:
        yield _completeness(kommun, data["underlag"], views, data["stangning"]["period"])
    yield _sources(data["underlag"])
    yield _findings(data["fynd"])
    yield _accepted(data["godtaganden"])
    yield _reconciliation(data["avstamning"], books)
    yield _corrections(views)
    yield _cases(data["avvikelser"]["arenden"])
    yield Del(
        "mal", "Mål", "Målens tråd med bevis: mål, indikatorer, leveranser och deras celler.", ("Mål",),
        tuple(Rad((line,)) for line in data["mal"]), "Kommunen har ingen målplan för året.",
    )  # fmt: skip
    yield _changes(data["andringar"])
    signed = [event for event in events if event.vad in _SIGNED]
    yield _events("signaturer", "Signaturer och beslut", signed, "Inga signaturer eller beslut: rapporterna är utkast.")
    sent = [event for event in events if event.vad.startswith(_DELIVERIES)]
    yield _events("leveranser", "Utskick", sent, "Inget har skickats.")
    yield _events("logg", "Allt som har hänt med månaden", events, "Inga händelser.")
    rows = tuple(Rad((file.namn,), file.plats) for file in rules)
    yield Del(
        "regler", "Regler som gällde", "Konfiguration och kontrakt, som de var.", ("Fil",), rows, "Sparades inte."
    )


def _completeness(kommun: Kommun, sources: Mapping[str, Any], views: Sequence[Rapport], period: str) -> Del:
    """Per förvaltning its counting return of the period, and per report what it says is not reported."""
    counting = {one["namn"]: one for one in sources.values() if one["status"] == "godkand"}
    rows = []
    for forvaltning in kommun.forvaltningar:
        start = f"retur-{forvaltning.kod.lower()}-{period}"
        found = next((name for name in counting if name.startswith(start)), "")
        said = f"version {counting[found]['version']}" if found else "SAKNAS"
        rows.append(Rad((forvaltning.namn, said, found), counting[found]["fil"] if found else ""))
    gaps = dict.fromkeys(
        (view.namn, "".join(part if isinstance(part, str) else part.text for part in one.delar))
        for view in views
        for sektion in view.sektioner
        if sektion.id == "ej-rapporterat"
        for one in sektion.punkter
    )
    rows.extend(Rad((f"Rapporten för {name}", "", text)) for name, text in gaps)
    return Del(
        "fullstandighet", "Fullständighet", "Vilka förvaltningar som ingår, och vad som inte har rapporterats.",
        ("Förvaltning eller rapport", "Retur", "Vad"), tuple(rows), "",
    )  # fmt: skip


def _requirements(books: Sequence[Bok]) -> Del:
    """Every requirement on the report, where it is met, or that it is not."""
    rows = tuple(
        Rad((f"{post.krav} ({post.referens})", post.lage_text, post.skal or post.plats))
        for book in books
        for sektion in book.sektioner
        for post in sektion.krav
    )
    return Del(
        "fullstandighet", "Fullständighet", "Kraven i lag och rekommendationer, och var rapporten uppfyller dem.",
        ("Krav", "Läge", "Var"), rows, "Rapporten har ingen kravlista.",
    )  # fmt: skip


def _sources(sources: Mapping[str, Any]) -> Del:
    words = {"godkand": "räknas", "ersatt": "ersatt", "stoppad": "stoppad", "mottagen": "inte kontrollerad", "": ""}
    rows = tuple(
        Rad(
            (one["namn"], str(one["version"] or ""), "gallrad" if one["gallrad"] else words[one["status"]], sha256),
            "" if one["gallrad"] else one["fil"],
        )
        for sha256, one in sorted(sources.items(), key=lambda item: (item[1]["namn"], item[1]["version"]))
    )
    intro = "Filerna byte för byte: returer, budgetregister, huvudbok, Kolada och rättelser."
    return Del("underlag", "Underlag", intro, ("Fil", "Version", "Läge", "sha256"), rows, "Inget underlag.")


def _findings(found: Iterable[Mapping[str, Any]]) -> Del:
    rows = tuple(
        Rad(
            (
                one["code"],
                one["severity"],
                f"{one['forvaltning']} version {one['version']}",
                f"{one['sheet']} {one['cell']}".strip(),
                one["message"],
            )
        )
        for one in found
    )
    intro = "Allt som kontrollerna fann, i alla versioner av returerna."
    return Del("fynd", "Fynd", intro, ("Kod", "Allvar", "Retur", "Plats", "Vad"), rows, "Inga fynd.")


def _accepted(accepted: Mapping[str, Sequence[Mapping[str, Any]]]) -> Del:
    rows = [Rad((one["kontroll"], one["roll"], one["tid"], one["skal"])) for one in accepted["avstamning"]]
    rows += [Rad((one["id"], one["roll"], one["tid"], one["skal"])) for one in accepted["rakenskaper"]]
    rows += [
        Rad((f"version {one['version']} räknas i stället för {one['senast']}", one["roll"], one["tid"], one["skal"]))
        for one in accepted["versionsval"]
    ]
    return Del(
        "godtaganden", "Godtagna undantag", "Skillnader och versioner som någon har godtagit.",
        ("Vad", "Roll", "Tid", "Skäl"), tuple(rows), "Inga undantag är godtagna.",
    )  # fmt: skip


def _reconciliation(rows: Sequence[Mapping[str, Any]], books: Sequence[Bok]) -> Del:
    made = [
        Rad((f"{post.namn}, {post.kolumn}", post.vanster, post.hoger, post.skillnad, post.lage_text))
        for book in books
        for sektion in book.sektioner
        for post in sektion.avstamning
    ]
    for one in rows:
        check = one["kontroll"]
        amounts = [
            "saknas" if check[name] is None else belopp_text(check[name], "kr")
            for name in ("vanster", "hoger", "differens")
            if name in check
        ]
        made.append(Rad((check["namn"], *(*amounts, "", "", "")[:3], one["utfall"])))
    return Del(
        "avstamning", "Avstämning", "Räkningarna mot varandra som rapporten visar dem, och mot huvudboken i kronor.",
        ("Avstämning", "Redovisat", "Jämförs med", "Skillnad", "Läge"), tuple(made), "Kommunen har ingen huvudbok för perioden.",
    )  # fmt: skip


def _corrections(views: Sequence[Rapport]) -> Del:
    found = dict.fromkeys(
        (one.namn, one.fran.text, one.till.text, one.enhet, one.beslut)
        for view in views
        for sektion in view.sektioner
        for one in sektion.rattelser
    )
    return Del(
        "rattelser", "Rättelser", "Siffror som ekonomikontoret har rättat, med värdet i returen bredvid.",
        ("Siffra", "Från", "Till", "Enhet", "Beslut"), tuple(Rad(row) for row in found), "Inga rättelser.",
    )  # fmt: skip


def _cases(cases: Sequence[Mapping[str, Any]]) -> Del:
    rows = []
    for case in cases:
        seen = case["sedd"][-1]
        amount = belopp_text(int(seen["helar_ore"] or 0), "tkr", plus=True) + "\u00a0tkr"
        rows.append(
            Rad(
                (
                    case["id"],
                    f"{seen['enhet_namn']}: {seen['namn']}",
                    amount if seen["avser"] != "volymer" else "",
                    str(case["alder"]),
                    "öppet" if case["oppen"] else "stängt",
                    ", ".join(case["marken"]),
                    seen["orsak"],
                )
            )
        )
    return Del(
        "avvikelser", "Avvikelseregister", "Avvikelser över kommunens gräns, från månad till månad.",
        ("Ärende", "Rad", "Helår", "Månader", "Läge", "Märkt", "Orsak"), tuple(rows), "Inga ärenden.",
    )  # fmt: skip


def _changes(changes: Sequence[Mapping[str, Any]]) -> Del:
    rows = [
        Rad((one["titel"], figure["namn"], figure["fore"], figure["efter"], figure["skillnad"]))
        for one in changes
        for figure in one["siffror"]
    ]
    rows += [
        Rad((one["titel"], text, "fanns" if name == "texter_borta" else "", "ny" if name == "texter_nya" else "", ""))
        for one in changes
        for name in ("texter_borta", "texter_nya")
        for text in one[name]
    ]
    return Del(
        "andringar", "Ändrat sedan förra versionen", "Siffror och texter, rapport för rapport.",
        ("Rapport", "Vad", "Före", "Efter", "Skillnad"), tuple(rows), "Rapporterna är första versionen.",
    )  # fmt: skip


def details_text(details: Mapping[str, Any]) -> str:
    """What an event tells a person: 'manadsrapport-2026-04-ten, version 1, innehåll 9f2c41d07ab3'; hashes by their beginning."""
    parts = []
    for name, word in _TOLD.items():
        value = details.get(name)
        listed = ", ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
        if listed:
            shown = listed[:_HASH_SHOWN] if len(listed) == _HASH and name in ("innehallshash", "sha256") else listed
            parts.append(f"{word} {shown}".strip())
    return ", ".join(parts)


def _events(name: str, heading: str, events: Sequence[Handelse], empty: str) -> Del:
    rows = tuple(Rad((str(one.nr), one.tid, one.text, one.konto, one.roll, one.detaljer)) for one in events)
    return Del(
        name,
        heading,
        "Ur granskningsloggen, som i sin helhet är filen data/logg.json.",
        ("Nr", "Tid", "Händelse", "Konto", "Roll", "Detaljer"),
        rows,
        empty,
    )
