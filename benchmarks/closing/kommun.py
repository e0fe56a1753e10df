"""Storköping, an invented kommun with 15 förvaltningar: large, and wholly from code."""

from __future__ import annotations

from typing import Any

from data_contracts.kommun import Kommun

# Code and name of each nämnd and what its drift costs a year in thousands of tkr. Below it its enheter: name, verksamheter, volumes.
_NAMNDER: tuple[tuple[str, str, int, tuple[str, ...]], ...] = (
    ("KS", "Kommunstyrelsen", 310, (
        "Kommunledning: Politisk ledning, Kansli, Näringsliv, Kommunikation: Tjänsteskrivelser, Företagsbesök",
        "Gemensam service: Ekonomi, HR, IT, Kontaktcenter: Samtal, Lönespecifikationer, Användare",
        "Säkerhet: Räddningstjänst, Beredskap, Försäkringar: Utryckningar, Tillsyner",
    )),
    ("FSN", "Förskolenämnden", 980, (
        "Kommunal förskola: Norra området, Södra området, Centrum, Lokaler, Måltider: Barn, Barn per årsarbetare",
        "Fristående verksamhet: Fristående förskola, Pedagogisk omsorg: Barn i fristående förskola, Barn i omsorg",
        "Gemensamt: Särskilt stöd, Öppen förskola, Ledning: Barn med stöd, Besök i öppen förskola",
    )),
    ("GRN", "Grundskolenämnden", 2150, (
        "Grundskola: Förskoleklass, Årskurs 1–6, Årskurs 7–9, Lokaler, Måltider: Elever i egna skolor, Elever per lärare",
        "Fritidshem: Norra området, Södra området, Centrum: Barn i fritidshem, Barn per årsarbetare",
        "Anpassad grundskola: Skolor, Skolskjuts, Elevhälsa: Elever, Elever med skolskjuts, Besök i elevhälsan",
    )),
    ("GYN", "Gymnasienämnden", 940, (
        "Egna skolor: Nationella program, Introduktionsprogram, Lokaler, Måltider: Elever, Sökande",
        "Köpta platser: Fristående skolor, Andra kommuner, Resor: Elever i fristående skolor, Elever i andra kommuner",
        "Anpassad gymnasieskola: Nationella program, Individuella program: Elever, Elever på korttidsboende",
    )),
    ("VUX", "Nämnden för vuxenutbildning och arbetsmarknad", 360, (
        "Vuxenutbildning: Grundläggande nivå, Gymnasial nivå, Svenska för invandrare, Yrkesutbildning: Elever, Betyg",
        "Arbetsmarknad: Åtgärder, Feriearbete, Arbetsträning: Deltagare, Feriearbetare",
        "Försörjningsstöd: Utbetalt stöd, Handläggning, Budgetrådgivning: Hushåll, Månader per hushåll",
    )),
    ("ALN", "Äldrenämnden", 1890, (
        "Särskilt boende: Norra området, Södra området, Centrum, Korttidsboende: Platser, Belagda dygn",
        "Hemtjänst: Egen regi, Valfrihet, Trygghetslarm, Dagverksamhet: Utförda timmar, Larm, Brukare",
        "Hälso- och sjukvård: Hemsjukvård, Rehabilitering, Bistånd: Inskrivna, Betaldagar på sjukhus",
    )),
    ("FUN", "Nämnden för funktionsstöd", 870, (
        "Boende: Bostad med särskild service, Satellitboende, Köpta platser: Platser, Köpta dygn",
        "Sysselsättning: Daglig verksamhet, Resor, Habiliteringsersättning: Deltagare, Dagar",
        "Stöd i hemmet: Personlig assistans, Boendestöd, Avlösning, Korttidsvistelse: Assistanstimmar, Beslut",
    )),
    ("SOC", "Socialnämnden", 690, (
        "Barn och unga: Familjehem, Hem för vård eller boende, Öppenvård, Utredning: Dygn i hem, Dygn i familjehem",
        "Vuxna: Missbruksvård, Våld i nära relation, Skyddat boende: Dygn i hem, Dygn i skyddat boende",
        "Familjerätt: Familjerätt, Familjerådgivning, Mottagning: Utredningar, Orosanmälningar",
    )),
    ("KUN", "Kulturnämnden", 210, (
        "Bibliotek: Stadsbiblioteket, Filialer, Bokbuss: Lån, Besök",
        "Kulturskola: Musik, Dans och teater, Bild: Elever, Kö",
        "Allmän kultur: Museum, Konserthus, Stöd till föreningar: Besök på museet, Konserter",
    )),
    ("FRN", "Fritidsnämnden", 240, (
        "Anläggningar: Idrottshallar, Bad, Ishallar, Planer: Bokade timmar, Besök i badhusen",
        "Ungdom: Fritidsgårdar, Lovverksamhet, Fältarbete: Besök, Öppna kvällar",
        "Föreningar: Bidrag, Friluftsliv, Motionsspår: Föreningar, Aktiviteter",
    )),
    ("TEN", "Tekniska nämnden", 420, (
        "Gata och park: Gator och vägar, Vinterväghållning, Parker, Belysning, Hamnar: Belagd yta, Ton salt och sand",
        "Trafik: Parkering, Kollektivtrafik, Färdtjänst: Tillstånd, Resor med färdtjänst",
        "Skog och mark: Skog, Arrenden, Naturvård: Avverkad volym, Arrenden",
    )),
    ("FAN", "Fastighetsnämnden", 530, (
        "Förvaltning: Drift, Underhåll, Energi, Inhyrda lokaler: Förvaltad yta, Inhyrd yta, Köpt energi",
        "Måltider: Skolmåltider, Omsorgsmåltider, Livsmedel: Portioner, Andel ekologiskt",
        "Städning: Skolor, Omsorg, Kontor: Städad yta, Timmar",
    )),
    ("SBN", "Samhällsbyggnadsnämnden", 160, (
        "Plan: Detaljplaner, Översiktsplan, Mark och exploatering: Antagna planer, Bostäder i planer",
        "Bygg: Bygglov, Tillsyn, Bostadsanpassning: Beslut om bygglov, Anpassningar",
        "Kart och mät: Lantmäteri, Kartor, Mätning: Förrättningar, Uppdrag",
    )),
    ("MHN", "Miljö- och hälsoskyddsnämnden", 70, (
        "Livsmedel: Kontroll, Registrering: Kontroller, Anläggningar",
        "Miljö: Tillsyn, Avlopp, Naturvård: Tillsynsbesök, Tillstånd",
        "Hälsoskydd: Tillsyn, Alkohol och tobak, Energirådgivning: Besök, Serveringstillstånd",
    )),
    ("OVN", "Överförmyndarnämnden", 25, (
        "Överförmyndare: Tillsyn, Arvoden, Rekrytering: Ärenden, Ställföreträdare",
    )),
)  # fmt: skip

_DRIFT: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("intakter", "Intäkter", "intakt", ()),
    ("personal", "Personalkostnader", "kostnad", ()),
    ("lokaler", "Lokalkostnader", "kostnad", ()),
    ("kop_verksamhet", "Köp av verksamhet", "kostnad", ()),
    ("ovriga_kostnader", "Övriga kostnader", "kostnad", ()),
    (
        "kostnader",
        "Verksamhetens kostnader",
        "summa",
        ("personal", "lokaler", "kop_verksamhet", "ovriga_kostnader"),
    ),
    ("avskrivningar", "Avskrivningar", "kostnad", ()),
    ("nettokostnader", "Verksamhetens nettokostnader", "summa", ("intakter", "kostnader", "avskrivningar")),
    ("kommunbidrag", "Kommunbidrag", "kommunbidrag", ()),
    ("finansnetto", "Finansnetto", "finansnetto", ()),
    ("arets_resultat", "Årets resultat", "summa", ("nettokostnader", "kommunbidrag", "finansnetto")),
)

_PROJEKT = {
    "Lokaler": ("Nybyggnad Norra", "Tillbyggnad Söder", "Ombyggnad Centrum", "Utemiljöer"),
    "Utrustning": ("Inventarier", "Fordon", "Maskiner"),
    "Digitalisering": ("Verksamhetssystem", "Nät och servrar", "Digitala verktyg"),
}


def storkoping() -> Kommun:
    """The kommun: for each nämnd above one förvaltning, and up to three enheter."""
    enheter = {kod: [_enhet(f"{kod}{at}", line) for at, line in enumerate(lines, 1)] for kod, *_, lines in _NAMNDER}
    koder = {kod: [enhet["kod"] for enhet in own] for kod, own in enheter.items()}
    return Kommun.model_validate(
        {
            "schema_version": 1,
            "kod": "storkoping",
            "namn": "Storköpings kommun",
            "kommunkod": "0098",
            "marke": "Påhittad kommun, för mätning",
            "enheter": [enhet for own in enheter.values() for enhet in own],
            "namnder": [{"kod": kod, "namn": namn, "enheter": koder[kod]} for kod, namn, *_ in _NAMNDER],
            "forvaltningar": [
                {"kod": f"{kod}F", "namn": f"Förvaltningen under {namn}", "enheter": koder[kod]}
                for kod, namn, *_ in _NAMNDER
            ],
            "uppstallningar": [_drift(), _investeringar()],
            "granser": [grans("drift"), grans("investeringar")],
            "kalender": {"retur_senast_arbetsdag": 7, "stangning_dag": 14},
        }
    )


def size_tkr(enhet: str) -> int:
    """What an enhet's drift costs a year: its part of the nämnd's."""
    return next(size * 1000 // len(lines) for kod, _, size, lines in _NAMNDER if enhet.startswith(kod))


def _enhet(kod: str, line: str) -> dict[str, Any]:
    namn, verksamheter, volymer = (part.strip() for part in line.split(":"))
    return {
        "kod": kod,
        "namn": namn,
        "finansiering": "skattefinansierad",
        "drift": "drift",
        "investeringar": "investeringar",
        "verksamheter": [{"kod": f"v{at}", "namn": name} for at, name in enumerate(verksamheter.split(", "))],
        "volymer": [
            {"kod": f"m{at}", "namn": name, "matt_enhet": "antal"} for at, name in enumerate(volymer.split(", "))
        ],
    }


def _drift() -> dict[str, Any]:
    rows = [{"kod": kod, "namn": namn, "typ": typ, "delar": delar} for kod, namn, typ, delar in _DRIFT]
    return {"kod": "drift", "namn": "Drift", "resultatrad": "arets_resultat", "rader": rows}


def _investeringar() -> dict[str, Any]:
    """Each kategori as the sum of its projects."""
    rows: list[dict[str, Any]] = []
    for number, (kategori, projekt) in enumerate(_PROJEKT.items()):
        parts = [{"kod": f"k{number}.p{at}", "namn": n, "typ": "utgift", "niva": 1} for at, n in enumerate(projekt)]
        rows.append({"kod": f"k{number}", "namn": kategori, "typ": "summa", "delar": [part["kod"] for part in parts]})
        rows.extend(parts)
    sums = [row["kod"] for row in rows if row["typ"] == "summa"]
    rows.append({"kod": "totalt", "namn": "Totala utgifter", "typ": "summa", "delar": sums})
    return {"kod": "investeringar", "namn": "Investeringar", "resultatrad": "totalt", "rader": rows}


def grans(avser: str) -> dict[str, Any]:
    return {
        "giltig_fran": "2026-01-01",
        "avser": avser,
        "belopp_tkr": 500,
        "procent_bp": 200,
        "referens": "Påhittad, för mätning",
    }
