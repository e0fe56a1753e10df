"""The command line ``rodatraden``: verbs in Swedish, each with help and examples. What a verb does stands in ``flows.verbs``.

Heavy libraries are imported by the verb that needs them, so that ``rodatraden --help`` answers at once.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.terminal import ExitCode, Parser, say_error

PROGRAM = "rodatraden"
DESCRIPTION = """Röda tråden: från förvaltningarnas returer till månadsrapporter där varje siffra kan följas tillbaka.

Kommunens hem är en mapp med kommun.yaml. Den anges med --kommun MAPP eller RODATRADEN_HEM; annars gäller mappen du står i."""
EPILOG = """Utgångskoder: 0 klart, 1 fel i returer som stoppar, 2 fel i kommandot, 3 fel i systemet.
Börja här: rodatraden demo"""


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: its module in ``flows.verbs``, help in one line, examples, and what it takes."""

    name: str
    module: str
    help: str
    examples: tuple[str, ...]
    arguments: Callable[[argparse.ArgumentParser], None] = lambda parser: None
    needs_home: bool = True


def _period(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("period", metavar="PERIOD", help="år och månad, till exempel 2026-04")


def _close(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument("--tvinga", action="store_true", help="räkna om även när inget har ändrats")


def _template(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument("--forvaltning", metavar="KOD", help="bara den förvaltningens mall")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--register", action="store_true", help="budgetregistrets mall för året i stället")
    other.add_argument("--bokslut", action="store_true", help="bokslutets arbetsbok för perioden i stället")
    other.add_argument("--malplan", action="store_true", help="årets målplan som arbetsbok i stället")
    parser.add_argument("--ut", metavar="MAPP", type=Path, help="skriv här i stället för i hemmets mallar/PERIOD")


def _control(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("filer", metavar="FIL", nargs="+", type=Path, help="arbetsböcker att kontrollera")
    parser.add_argument("--rattelse", metavar="MAPP", type=Path, help="skriv rättelseböcker här, där de behövs")
    parser.add_argument("--json", action="store_true", help="kvittenserna som JSON")


def _choose(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument("forvaltning", metavar="FÖRVALTNING", help="förvaltningens kod")
    parser.add_argument(
        "version", metavar="VERSION", nargs="?", type=int, help="versionen som ska räknas; utan den visas alla"
    )
    parser.add_argument("--skal", metavar="TEXT", help="varför; trycks i rapportens underlag")


def _remind(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument("--torrkor", action="store_true", help="visa vad som skulle skickas, utan att skicka")
    parser.add_argument(
        "--sand-om-osakra",
        action="store_true",
        help="skicka om brev som det är osäkert om de gick ut; fråga mottagaren först",
    )


def _status(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument("--json", action="store_true", help="som JSON")


def _trace(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="SIFFRA", help="siffrans id, till exempel 2026-04/TEN/drift/personal/prognos")


def _reconcile(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument("--acceptera", metavar="ID", help="acceptera den skillnaden, med skäl")
    parser.add_argument("--skal", metavar="SKÄL", help="varför skillnaden får stå kvar")


def _goals(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument(
        "kod", metavar="KOD", nargs="?", help="bara tråden för ett mål, en indikator eller en aktivitet"
    )
    parser.add_argument(
        "--rapport",
        choices=("manad", "delar", "ar"),
        default="manad",
        help="orden i månadsrapporten (om inget anges) och delårsrapporten är en prognos, i årsredovisningen (ar) en dom",
    )


def _dialogue(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument(
        "namnd", metavar="NÄMND", nargs="?", help="bara den nämndens underlag; utan den alla som har mål"
    )
    parser.add_argument("--ut", metavar="MAPP", type=Path, help="skriv här i stället för i hemmets samtal/PERIOD")


def _citizen(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument("--ut", metavar="MAPP", type=Path, help="skriv här i stället för i hemmets samtal/PERIOD")


def _review_goals(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ar", metavar="ÅR", type=int, help="målplanens år, till exempel 2026")


def _deviations(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("period", metavar="PERIOD", nargs="?", help="månaden; utan den den senast stängda")
    parser.add_argument("--json", action="store_true", help="som JSON")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--stang", metavar="ÄRENDE", help="stäng ärendet; kräver --underlag och --skal")
    action.add_argument("--oppna", metavar="ÄRENDE", help="öppna ett stängt ärende igen; kräver --skal")
    action.add_argument(
        "--effekt", metavar="ÄRENDE", help="för in åtgärdens uppmätta effekt, med --belopp och --underlag"
    )
    action.add_argument("--beslut", metavar="ÄRENDE", help="för in ett politiskt beslut, med --paragraf och --skal")
    parser.add_argument("--underlag", metavar="FIL", help="filen som visar det, eller var den finns")
    parser.add_argument("--skal", metavar="TEXT", help="varför, eller vad som har beslutats")
    parser.add_argument("--belopp", metavar="KRONOR", help="effekten på årets resultat; plus är bättre")
    parser.add_argument("--paragraf", metavar="BESLUT", help="organ, datum och paragraf")


def _rebuild(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument("--version", metavar="NUMMER", type=int, help="versionen; utan den varje rapports senaste")
    parser.add_argument("--rapport", metavar="NÄMND", help="bara den nämndens rapport")
    parser.add_argument("--ut", metavar="MAPP", type=Path, help="skriv rapporterna som de blev här")


def _compare(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    other = parser.add_mutually_exclusive_group()
    other.add_argument(
        "--med", metavar="PERIOD", help="en annan månad; utan den månaden före (för bokslut samma månad året före)"
    )
    other.add_argument("--version", metavar="NUMMER", type=int, nargs=2, help="två versioner av periodens rapporter")
    parser.add_argument(
        "--rapport", metavar="NÄMND", help="bara den nämndens rapport; eller delarsrapport, arsredovisning"
    )
    parser.add_argument("--json", action="store_true", help="som JSON i stället för webbsida")


def _audit(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument(
        "--rapport", metavar="SLAG", choices=("delarsrapport", "arsredovisning"),
        help="delarsrapport eller arsredovisning i stället för månadens rapporter",
    )  # fmt: skip
    parser.add_argument("--ut", metavar="FIL", type=Path, help="filens namn; utan det i hemmets granskning/")


def _figures(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="som JSON (grundläget)")
    form.add_argument("--csv", action="store_true", help="som CSV med semikolon, för Excel")


def _read_plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("fil", metavar="FIL", type=Path, help="målplanens ifyllda arbetsbok")
    parser.add_argument("--prova", action="store_true", help="bara kontrollera, skriv inget")


def _kolada(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "vad", metavar="VAD", choices=("hamta", "visa"), help="hamta: fråga Kolada; visa: det som finns i lagret"
    )
    parser.add_argument(
        "--fil", metavar="FIL", type=Path, help="läs ett sparat svar från API:et i stället för att fråga"
    )


def _explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kod", metavar="KOD", nargs="?", help="till exempel E201; utan kod listas alla")
    parser.add_argument("--markdown", action="store_true", help="alla koder med förklaringar som en sida i Markdown")


def _new_home(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("mapp", metavar="MAPP", type=Path, help="mappen som blir kommunens hem")
    parser.add_argument(
        "--exempel", choices=("lingonby", "alingsas"), default="lingonby", help="kommunen som tas som förlaga"
    )


def _backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "fil", metavar="FIL", nargs="?", type=Path, help="kopians namn; utan det kommunens kod och tiden"
    )


def _restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("fil", metavar="FIL", type=Path, help="säkerhetskopian")
    parser.add_argument("mapp", metavar="MAPP", nargs="?", type=Path, help="ny eller tom mapp som blir hemmet")
    parser.add_argument("--prova", action="store_true", help="pröva bara att kopian är hel, utan att läsa tillbaka")


def _upgrade(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kopia", metavar="FIL", type=Path, help="kopian som tas före uppgraderingen")


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mapp", metavar="MAPP", type=Path, help="demons hem; annars demo/ i programmets mapp")
    parser.add_argument(
        "--kommun",
        dest="exempel",
        metavar="EXEMPEL",
        choices=("alingsas", "lingonby", "storlingonby", "tolkformedling_vast"),
        default="alingsas",
        help="exempelkommun: alingsas (om inget anges), lingonby, storlingonby eller tolkformedling_vast",
    )
    parser.add_argument("--period", metavar="PERIOD", help="bara den perioden, till exempel 2025-12")


def _books(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--godta",
        metavar="KOD",
        help="godta att ett krav saknas (krav:KOD), en skillnad (avstamning:KOD), en text (text:AVSNITT) eller fynd (fynd:KOD)",
    )
    parser.add_argument("--skal", metavar="TEXT", help="varför det godtas")


def _interim(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    _books(parser)


def _annual(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ar", metavar="ÅR", help="räkenskapsåret, till exempel 2025")
    _books(parser)


def _schedule(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--visa", action="store_true", help="visa schemat utan att starta det")


def _report(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument("rapport", metavar="RAPPORT", help="nämndens kod, eller kommunen")


def _review(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument(
        "rapport", metavar="RAPPORT", nargs="?", help="nämndens kod, eller kommunen; utan den visas alla"
    )
    parser.add_argument("--sett", metavar="HASH", help="innehållets hash som står på utkastet som du har läst")


def _recall(parser: argparse.ArgumentParser) -> None:
    _report(parser)
    parser.add_argument("--skal", metavar="TEXT", required=True, help="varför; står i granskningsloggen")


def _open(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument("--skal", metavar="TEXT", required=True, help="varför; står i granskningsloggen")


def _decide(parser: argparse.ArgumentParser) -> None:
    _report(parser)
    parser.add_argument("--datum", metavar="DATUM", required=True, help="dagen för beslutet eller bedömningen")
    parser.add_argument("--organ", metavar="ORGAN", help="nämnden, KS eller KF")
    parser.add_argument("--paragraf", metavar="NUMMER", help="beslutets paragraf")
    parser.add_argument("--revisorerna", metavar="FIL", type=Path, help="revisorernas skriftliga bedömning")


def _send(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument("rapport", metavar="RAPPORT", nargs="?", help="bara den nämndens rapport, eller kommunen")
    parser.add_argument("--torrkor", action="store_true", help="visa allt som skulle sändas, utan att sända")
    parser.add_argument("--embargo", metavar="TID", help="sänd inte före den tiden, till exempel 2026-05-20T08:00")


def _resend(parser: argparse.ArgumentParser) -> None:
    _report(parser)
    parser.add_argument("--till", metavar="ADRESS", required=True, help="mottagaren, publiceringsmappen eller diariet")
    parser.add_argument("--skal", metavar="TEXT", required=True, help="varför; står i granskningsloggen")


def _verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("period", metavar="PERIOD", nargs="?", help="bara den månadens siffror; annars alla månaders")
    parser.add_argument(
        "--mot", metavar="HUVUD", help="ett logghuvud (nummer:hash) ur ett brev, eller en fil med sådana"
    )
    scope = parser.add_mutually_exclusive_group()
    scope.add_argument("--alla", action="store_true", help="följ varje siffra till sin cell, inte bara ett stickprov")
    scope.add_argument("--stickprov", metavar="ANTAL", type=int, default=50, help="siffror per månad; annars 50")


def _remove(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--beslut", metavar="TEXT", required=True, help="organ, datum och paragraf")
    parser.add_argument("--torrkor", action="store_true", help="visa vad som skulle gallras, utan att gallra")


VERBS = (
    Verb(
        "demo",
        "demo",
        "stäng april 2026 för en exempelkommun, från returer till rapporter",
        (
            "rodatraden demo",
            "rodatraden demo --kommun lingonby",
            "rodatraden demo --kommun lingonby --period 2026-08",
            "rodatraden demo --kommun tolkformedling_vast --period 2025-12",
        ),
        _demo,
        needs_home=False,
    ),
    Verb(
        "ny-kommun",
        "new_home",
        "skapa ett hem för en kommun",
        ("rodatraden ny-kommun /srv/rodatraden/minkommun",),
        _new_home,
        needs_home=False,
    ),
    Verb(
        "mall",
        "template",
        "skriv returmallar för en period, en arbetsbok per förvaltning",
        ("rodatraden mall 2026-04", "rodatraden mall 2026-04 --forvaltning BUF", "rodatraden mall 2026-01 --register"),
        _template,
    ),
    Verb(
        "kontrollera",
        "control",
        "kontrollera arbetsböcker utan att ta emot dem",
        ("rodatraden kontrollera retur.xlsx", "rodatraden kontrollera *.xlsx --rattelse rattelser"),
        _control,
    ),
    Verb("hamta", "collect", "hämta returer ur inkorgen, kontrollera dem och skriv kvittenser", ("rodatraden hamta",)),
    Verb(
        "valj-version",
        "choose",
        "visa en returs versioner, eller välj en annan än den nyaste godkända",
        (
            "rodatraden valj-version 2026-04 OMF",
            'rodatraden valj-version 2026-04 OMF 1 --skal "version 2 var ett utkast"',
        ),
        _choose,
    ),
    Verb(
        "lage",
        "status",
        "visa hur långt en månad har kommit, förvaltning för förvaltning",
        ("rodatraden lage 2026-04", "rodatraden lage 2026-04 --json"),
        _status,
    ),
    Verb(
        "paminn",
        "remind",
        "skicka de mallar, påminnelser och besked som kalendern begär i dag, ett brev en gång",
        ("rodatraden paminn 2026-04 --torrkor", "rodatraden paminn 2026-04"),
        _remind,
    ),
    Verb(
        "stang",
        "close",
        "stäng en månad: hämta, kontrollera, räkna och gör utkast till rapporter",
        ("rodatraden stang 2026-04", "rodatraden --kommun /srv/rodatraden/minkommun stang 2026-04"),
        _close,
    ),
    Verb(
        "delar",
        "books",
        "stäng ett delår: räkna räkenskaperna och gör utkast till delårsrapporten",
        ("rodatraden delar 2026-08",),
        _interim,
    ),
    Verb(
        "arsredovisning",
        "books",
        "stäng ett år: räkna räkenskaperna och gör utkast till årsredovisningen",
        (
            "rodatraden arsredovisning 2025",
            "rodatraden arsredovisning 2025 --godta krav:r15-2 --skal Koncern-saknas",
        ),
        _annual,
    ),
    Verb(
        "granska-utkast",
        "approve",
        "visa vad som väntar på granskning, eller intyga att ett utkast är granskat",
        ("rodatraden granska-utkast 2026-04", "rodatraden granska-utkast 2026-04 TEN --sett 9f2c41d07ab3"),
        _review,
    ),
    Verb(
        "faststall",
        "approve",
        "fastställ en granskad rapport; en annan person än den som granskade",
        ("rodatraden faststall 2026-04 TEN", "rodatraden faststall 2026-04 kommunen"),
        _report,
    ),
    Verb(
        "aterkalla",
        "approve",
        "ta tillbaka granskning och fastställande av en rapport",
        ('rodatraden aterkalla 2026-04 TEN --skal "Fel prognos för VA"',),
        _recall,
    ),
    Verb(
        "oppna",
        "approve",
        "öppna en låst period för en ny stängning",
        ('rodatraden oppna 2026-04 --skal "Rättad retur från VOF"',),
        _open,
    ),
    Verb(
        "beslut",
        "approve",
        "för in ett politiskt beslut eller revisorernas bedömning om en fastställd rapport",
        (
            "rodatraden beslut 2026-04 TEN --organ TEN --datum 2026-05-26 --paragraf 41",
            "rodatraden beslut 2026-08 kommunen --datum 2026-10-20 --revisorerna bedomning.pdf",
        ),
        _decide,
    ),
    Verb(
        "sand",
        "send",
        "sänd fastställda rapporter till nämnder, publiceringsmapp och diarium, varje mottagare en gång",
        ("rodatraden sand 2026-04 --torrkor", "rodatraden sand 2026-04 TEN --embargo 2026-05-20T08:00"),
        _send,
    ),
    Verb(
        "sand-om",
        "send",
        "sänd en rapport en gång till till en mottagare som nekat, inte fått den eller är osäker",
        ('rodatraden sand-om 2026-04 TEN --till ordforande@exempel.se --skal "Brevet kom inte fram"',),
        _resend,
    ),
    Verb("nyckel", "approve", "skapa din egen nyckel att signera med", ("rodatraden nyckel",), needs_home=False),
    Verb(
        "spara",
        "trace",
        "följ en siffra tillbaka till formel, cell och oförändrad fil",
        (
            "rodatraden spara 2026-04/TEN/drift/personal/prognos",
            "rodatraden spara 2026-04/KOMMUNEN/drift/resultat/avvikelse_helar",
        ),
        _trace,
    ),
    Verb(
        "sparsidor",
        "trail_pages",
        "lägg ut webbsidor där varje siffra leder till sin cell, för ekonomikontoret och revisorerna",
        ("rodatraden sparsidor 2026-04",),
        _period,
    ),
    Verb(
        "avstamning",
        "avstamning",
        "stäm av en stängd månad mot huvudboken, eller acceptera en skillnad",
        (
            "rodatraden avstamning 2026-04",
            "rodatraden avstamning 2026-04 --acceptera retur_huvudbok.BUN.drift --skal periodisering",
        ),
        _reconcile,
    ),
    Verb(
        "avvikelser",
        "deviations",
        "visa avvikelseregistret, eller för in ett beslut på ett ärende",
        (
            "rodatraden avvikelser 2026-04",
            'rodatraden avvikelser --beslut AV-2026-TEN-drift-personal --paragraf "TEN 2026-05-20 § 41" --skal "Åtgärden godkänns"',
            'rodatraden avvikelser --stang AV-2026-TEN-drift-personal --underlag kontoutdrag.pdf --skal "Rättat i maj"',
        ),
        _deviations,
    ),
    Verb(
        "kor-om",
        "rebuild",
        "gör om en tidigare version av en månads rapporter ur lagret, byte för byte",
        ("rodatraden kor-om 2026-04 --version 2", "rodatraden kor-om 2026-04 --version 1 --rapport TEN --ut omkort"),
        _rebuild,
    ),
    Verb(
        "jamfor",
        "compare",
        "jämför två versioner eller två månader sida vid sida",
        ("rodatraden jamfor 2026-04", "rodatraden jamfor 2026-04 --version 1 2 --rapport TEN"),
        _compare,
    ),
    Verb(
        "granska",
        "audit",
        "gör granskningspaketet: allt som en månads rapporter står på, i en fil",
        ("rodatraden granska 2026-04", "rodatraden granska 2025-12 --rapport arsredovisning"),
        _audit,
    ),
    Verb(
        "siffror",
        "figures",
        "ge alla siffror för en period, även beräknade",
        ("rodatraden siffror 2026-04 --json", "rodatraden siffror 2026-04 --csv > siffror.csv"),
        _figures,
    ),
    Verb(
        "verifiera",
        "verify",
        "pröva att loggen, filerna och siffrorna är orörda sedan de skrevs",
        (
            "rodatraden verifiera",
            "rodatraden verifiera 2026-04 --alla",
            "rodatraden verifiera --mot /media/usb/logghuvud.txt",
        ),
        _verify,
    ),
    Verb(
        "gallra",
        "remove",
        "gallra returer vars tid är ute enligt kommunens plan",
        ('rodatraden gallra --beslut "KS 2034-02-01 § 12" --torrkor',),
        _remove,
    ),
    Verb(
        "kolada",
        "kolada",
        "hämta kommunens nyckeltal från Kolada till lagret, eller visa dem",
        ("rodatraden kolada hamta", "rodatraden kolada hamta --fil svar.json", "rodatraden kolada visa"),
        _kolada,
    ),
    Verb(
        "mal",
        "goals",
        "visa målens röda tråd: från visionen till cellen, eller från en indikator upp till visionen",
        (
            "rodatraden mal 2026-04",
            "rodatraden mal 2026-04 skolnarvaro",
            "rodatraden mal 2026-12 --rapport ar",
        ),
        _goals,
    ),
    Verb(
        "resultatdialog",
        "dialogue",
        "skriv nämndernas underlag för resultatdialog: resurser, resultat, effekter och frågor",
        ("rodatraden resultatdialog 2026-04", "rodatraden resultatdialog 2026-04 BUN"),
        _dialogue,
    ),
    Verb(
        "medborgarsida",
        "citizen",
        "skriv sidan för den som bor i kommunen: läget i korthet, på klarspråk",
        ("rodatraden medborgarsida 2026-04",),
        _citizen,
    ),
    Verb(
        "granska-mal",
        "review_goals",
        "granska årets målplan: om trådarna håller och om målen är SMARTA",
        ("rodatraden granska-mal 2026",),
        _review_goals,
    ),
    Verb(
        "las-malplan",
        "read_plan",
        "läs in målplanens arbetsbok och skriv den som malplan/ÅÅÅÅ.yaml",
        ("rodatraden las-malplan malplan-lingonby-2026.xlsx", "rodatraden las-malplan malplan.xlsx --prova"),
        _read_plan,
    ),
    Verb(
        "forklara",
        "explain",
        "förklara en felkod",
        ("rodatraden forklara E201", "rodatraden forklara"),
        _explain,
        needs_home=False,
    ),
    Verb(
        "sakerhetskopiera",
        "backup",
        "skriv hela hemmet i en fil: databas, objekt och egna filer",
        ("rodatraden sakerhetskopiera", "rodatraden sakerhetskopiera /srv/kopior/minkommun-2026-05.zip"),
        _backup,
    ),
    Verb(
        "aterstall",
        "restore",
        "läs tillbaka ett hem ur en säkerhetskopia, till en tom mapp",
        ("rodatraden aterstall kopia.zip /srv/rodatraden/minkommun", "rodatraden aterstall kopia.zip --prova"),
        _restore,
        needs_home=False,
    ),
    Verb(
        "uppgradera",
        "upgrade",
        "ta en säkerhetskopia och uppgradera databasen till programmets schema",
        ("rodatraden uppgradera",),
        _upgrade,
    ),
    Verb(
        "schemalagg",
        "schedule",
        "kör flödena på tiderna i kommunens kalender",
        ("rodatraden schemalagg --visa", "rodatraden schemalagg"),
        _schedule,
    ),
)


def build_parser() -> Parser:
    """The whole command line."""
    parser = Parser(prog=PROGRAM, description=DESCRIPTION, epilog=EPILOG)
    _add_home(parser, default=None)
    parser.add_argument("--felsok", action="store_true", help="visa hela felet i stället för att spara det i en fil")
    verbs = parser.add_subparsers(title="Verb", dest="verb", metavar="VERB", required=True, parser_class=Parser)
    for verb in VERBS:
        examples = "Exempel:\n" + "\n".join(f"  {example}" for example in verb.examples)
        sub = verbs.add_parser(
            verb.name, help=verb.help, description=verb.help[0].upper() + verb.help[1:] + ".", epilog=examples
        )
        if verb.needs_home:
            _add_home(sub, default=argparse.SUPPRESS)
        verb.arguments(sub)
    return parser


def _add_home(parser: argparse.ArgumentParser, default: object) -> None:
    parser.add_argument("--kommun", metavar="MAPP", type=Path, default=default, help="kommunens hem")


def _home_named(arguments: argparse.Namespace) -> Path | None:
    """The home that the words or the environment name, if it is one; None for verbs that need none."""
    named = getattr(arguments, "mapp", None) or arguments.kommun or Path(os.environ.get("RODATRADEN_HEM", "."))
    return named if (named / "kommun.yaml").is_file() else None


def main(words: Sequence[str] | None = None) -> int:
    """Run one verb and give its exit code; ``words`` are the command line's, without the program's name."""
    arguments = build_parser().parse_args(words)
    verb = next(verb for verb in VERBS if verb.name == arguments.verb)
    from flows.verbs import UserError

    try:
        return int(importlib.import_module(f"flows.verbs.{verb.module}").run(arguments))
    except UserError as error:
        say_error(str(error))
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except KeyboardInterrupt:
        say_error("Avbrutet. Allt som var klart är sparat; kör samma kommando igen för att fortsätta.")
        return ExitCode.FAULT
    except Exception as error:
        if arguments.felsok:
            raise
        from flows.faults import report

        return report(error, _home_named(arguments))


if __name__ == "__main__":
    sys.exit(main())
