"""A realistic month report, made up: every kind of block, tables over pages, missing values. Built anew at each call."""

from __future__ import annotations

from transforms.belopp import antal_text, belopp_text
from transforms.charts import ChartRow, PairRow, avvikelse_chart, budget_prognos_chart
from transforms.view_types import (
    Avvikelsepost,
    Diagram,
    Kolumn,
    Kommentar,
    Lage,
    Mening,
    Nyckeltal,
    Rapport,
    Sektion,
    Spar,
    SparIndata,
    Tabell,
    Tabellrad,
    Tal,
    Underlag,
)

TKR = 100_000
PERIOD = "2026-04"
ENHET = "SBN"
SIGN_DRIFT = "Intäkter +, kostnader −. Avvikelse = prognos − budget; plus är överskott."
SIGN_INVESTERING = "Utgifter utan tecken. Avvikelse = budget − prognos; plus är lägre utgift än budget."
SIGN_VOLYM = "Avvikelse = prognos − budget; plus är högre volym, varken bättre eller sämre."

SERIER = ("budget", "prognos", "avvikelse_helar")
PROJECTS = ("Reinvestering beläggning", "Ny lekplats", "Trygghetsbelysning", "Bro över ån")

# name, code, style, indent, budget, prognos, utfall in tkr; None is missing
DRIFT_ROWS: tuple[tuple[str, str, str, int, int | None, int | None, int | None], ...] = (
    ("Intäkter", "rubrik_intakter", "rubrik", 0, None, None, None),
    ("Taxor och avgifter", "taxor", "post", 1, 41_250, 43_980, 14_612),
    ("Hyror och arrenden", "hyror", "post", 1, 12_400, 12_310, 4_120),
    ("Bidrag från staten och andra", "bidrag", "post", 1, 6_800, 5_150, 1_730),
    ("Verksamhetens intäkter", "intakter", "summa", 0, 60_450, 61_440, 20_462),
    ("Kostnader", "rubrik_kostnader", "rubrik", 0, None, None, None),
    ("Personalkostnader", "personal", "post", 1, -88_400, -89_760, -29_204),
    ("Lokalhyror", "lokaler", "post", 1, -14_350, -14_350, -4_783),
    ("Köp av tjänster", "kop", "post", 1, -52_700, -58_910, -20_118),
    ("Vinterväghållning och snöröjning i hela kommunen", "vinter", "post", 1, -9_600, -14_180, -13_905),
    ("Övriga kostnader", "ovrigt", "post", 1, -21_300, -20_440, -6_502),
    ("Verksamhetens kostnader", "kostnader", "summa", 0, -186_350, -197_640, -74_512),
    ("Avskrivningar", "avskrivning", "post", 0, -7_900, -7_900, None),
    ("Verksamhetens nettokostnader", "netto", "summa", 0, -133_800, -144_100, None),
    ("Kommunbidrag", "kommunbidrag", "post", 0, 136_200, 136_200, 45_400),
    ("Finansnetto", "finans", "post", 0, -2_400, -2_260, -771),
    ("Årets resultat", "resultat", "total", 0, 0, -10_160, None),
)


def figure_id(matt: str, rad: str, serie: str) -> str:
    """An id by the grammar of figures."""
    return f"{PERIOD}/{ENHET}/{matt}/{rad}/{serie}"


def amount(matt: str, rad: str, serie: str, tkr: int | None, *, plus: bool = False) -> Tal:
    """A number in tkr, or 'uppgift saknas'."""
    name = figure_id(matt, rad, serie)
    if tkr is None:
        return Tal("uppgift saknas", name, saknas=True)
    ore = tkr * TKR + (37_50 if rad in ("personal", "kop") else 0)
    return Tal(belopp_text(ore, "tkr", plus=plus), name, ore=ore)


def drift_row(row: tuple[str, str, str, int, int | None, int | None, int | None]) -> Tabellrad:
    """One row of the drift table: utfall, budget, prognos, avvikelse."""
    namn, kod, stil, niva, budget, prognos, utfall = row
    if stil == "rubrik":
        return Tabellrad(namn, (), stil=stil, niva=niva)
    avvikelse = None if budget is None or prognos is None else prognos - budget
    cells = (
        amount("drift", kod, "utfall", utfall),
        amount("drift", kod, "budget", budget),
        amount("drift", kod, "prognos", prognos),
        amount("drift", kod, "avvikelse_helar", avvikelse, plus=True),
    )
    note = "Utfallet bokförs vid delårsbokslutet." if kod == "avskrivning" else ""
    return Tabellrad(namn, cells, stil=stil, niva=niva, not_text=note)


def drift_table() -> Tabell:
    """The drift table."""
    return Tabell(
        "drift-sbn",
        "Drift, Samhällsbyggnadsnämnden, helåret 2026",
        "tkr",
        SIGN_DRIFT,
        "Kostnadsslag",
        (
            Kolumn("utfall", "Utfall januari–april"),
            Kolumn("budget", "Budget helår"),
            Kolumn("prognos", "Prognos helår"),
            Kolumn("avvikelse_helar", "Avvikelse"),
        ),
        tuple(drift_row(row) for row in DRIFT_ROWS),
        ("Avrundning gör att summor inte alltid stämmer med de utskrivna delarna.",),
    )


def investment_table() -> Tabell:
    """A long table: forty projects in four categories, over more than one page."""
    rows: list[Tabellrad] = []
    categories = ("Gator och vägar", "Parker och lekplatser", "Fastigheter", "Exploatering Östra Källbacken")
    for index, category in enumerate(categories):
        rows.append(Tabellrad(category, (), stil="rubrik"))
        for number in range(1, 11):
            kod = f"p{index}{number:02d}"
            budget = 1_200 + 730 * number + 90 * index
            prognos = None if number == 7 else budget - 400 + 110 * ((number * 7 + index) % 9)
            avvikelse = None if prognos is None else budget - prognos
            rows.append(
                Tabellrad(
                    f"Projekt {1000 + index * 100 + number} {PROJECTS[number % 4]}",
                    (
                        amount("investeringar", kod, "budget", budget),
                        amount("investeringar", kod, "prognos", prognos),
                        amount("investeringar", kod, "avvikelse_helar", avvikelse, plus=True),
                    ),
                    niva=1,
                )
            )
        rows.append(
            Tabellrad(
                f"Summa {category.lower()}",
                tuple(
                    amount("investeringar", f"s{index}", serie, None)
                    for serie in ("budget", "prognos", "avvikelse_helar")
                ),
                stil="summa",
            )
        )
    rows.append(
        Tabellrad(
            "Summa inrapporterade, 36 av 40 projekt",
            (
                amount("investeringar", "delvis", "budget", 182_060),
                amount("investeringar", "delvis", "prognos", 180_400),
                amount("investeringar", "delvis", "avvikelse_helar", 1_660, plus=True),
            ),
            stil="delvis",
        )
    )
    rows.append(
        Tabellrad(
            "Summa investeringar",
            tuple(amount("investeringar", "summa", serie, None) for serie in SERIER),
            stil="total",
        )
    )
    return Tabell(
        "investeringar-sbn",
        "Investeringar, Samhällsbyggnadsnämnden, helåret 2026",
        "tkr",
        SIGN_INVESTERING,
        "Kategori och projekt",
        (Kolumn("budget", "Budget helår"), Kolumn("prognos", "Prognos helår"), Kolumn("avvikelse_helar", "Avvikelse")),
        tuple(rows),
    )


def volume_table() -> Tabell:
    """Volumes, with decimals."""

    def volume(rad: str, serie: str, value: int, decimals: int, *, plus: bool = False) -> Tal:
        return Tal(
            antal_text(value, decimals, plus=plus), figure_id("volymer", rad, serie), ore=value, decimaler=decimals
        )

    rows = tuple(
        Tabellrad(
            namn,
            (
                volume(kod, "budget", budget, decimals),
                volume(kod, "prognos", prognos, decimals),
                volume(kod, "avvikelse_helar", prognos - budget, decimals, plus=True),
            ),
        )
        for namn, kod, budget, prognos, decimals in (
            ("Beviljade bygglov (ärenden)", "bygglov", 420, 385, 0),
            ("Handläggningstid bygglov (veckor)", "tid", 65, 72, 1),
            ("Snöröjda väglängder (km)", "sno", 1_240, 2_905, 0),
        )
    )
    return Tabell(
        "volymer-sbn", "Volymer", "antal enligt raden", SIGN_VOLYM, "Volym",
        (Kolumn("budget", "Budget helår"), Kolumn("prognos", "Prognos helår"), Kolumn("avvikelse_helar", "Avvikelse")),
        rows,
    )  # fmt: skip


def charts() -> tuple[Diagram, ...]:
    """Both kinds of chart, of the entered rows."""
    entered = [row for row in DRIFT_ROWS if row[2] == "post"]
    bars, pairs = [], []
    for namn, kod, _, _, budget, prognos, _ in entered:
        if budget is None or prognos is None:
            continue
        difference = amount("drift", kod, "avvikelse_helar", prognos - budget, plus=True)
        if kod == "bidrag":
            bars.append(ChartRow(namn, None, ""))
        else:
            bars.append(ChartRow(namn, difference.ore, difference.text, figure_id=difference.figure_id))
        one, two = amount("drift", kod, "budget", budget), amount("drift", kod, "prognos", prognos)
        pairs.append(
            PairRow(
                namn, one.ore, one.text, None if kod == "lokaler" else two.ore, two.text,
                budget_id=one.figure_id, prognos_id=two.figure_id,
            )
        )  # fmt: skip
    total = amount("drift", "resultat", "avvikelse_helar", -10_160, plus=True)
    bars.append(ChartRow("Årets resultat", total.ore, total.text, "summa", total.figure_id))
    return (
        avvikelse_chart(
            "diagram-avvikelse", "Avvikelse mot budget per kostnadsslag", "tkr", bars,
            "Avvikelse mot budget, tkr. Störst är Köp av tjänster med −6 210. Sammanlagt väntas ett underskott på 10 160.",
            "drift-sbn",
        ),
        budget_prognos_chart(
            "diagram-budget-prognos", "Budget och prognos per kostnadsslag", "tkr", pairs,
            "Budget och prognos, tkr. Störst är Kommunbidrag: budget 136 200, prognos 136 200.", "drift-sbn",
        ),
    )  # fmt: skip


def cards() -> tuple[Nyckeltal, ...]:
    """Six key figures, one of them missing."""
    result = amount("drift", "resultat", "avvikelse_helar", -10_160, plus=True)
    return (
        Nyckeltal(
            "Resultat mot budget, helår", result, "tkr", "Budget 0 tkr",
            Mening(("Vintern och köpta tjänster ger ett underskott på ", result, " tkr.")), "minus", "underskott",
        ),
        Nyckeltal(
            "Verksamhetens intäkter", amount("drift", "intakter", "avvikelse_helar", 990, plus=True), "tkr",
            "Budget 60 450 tkr", Mening(("Taxor och avgifter ökar mer än bidragen minskar.",)), "plus", "överskott",
        ),
        Nyckeltal(
            "Köp av tjänster", amount("drift", "kop", "avvikelse_helar", -6_210, plus=True), "tkr", "Budget −52 700 tkr",
            Mening(("Störst avvikelse i driften.",)), "minus", "underskott",
        ),
        Nyckeltal(
            "Lokalhyror", amount("drift", "lokaler", "avvikelse_helar", 0), "tkr", "Budget −14 350 tkr",
            Mening(("Följer budgeten.",)), "noll", "enligt budget",
        ),
        Nyckeltal(
            "Investeringar", amount("investeringar", "summa", "avvikelse_helar", None), "tkr", "36 av 40 projekt har lämnat prognos",
            Mening(("Prognosen kan inte räknas fram.",)), "saknas", "uppgift saknas",
        ),
        Nyckeltal(
            "Ändring mot föregående prognos", amount("drift", "resultat", "andring_prognos", -2_340, plus=True), "tkr",
            "Prognos per februari −7 820 tkr", Mening(("Bedömningen har försämrats sedan februari.",)), "minus", "försämring",
        ),
    )  # fmt: skip


def deviations() -> tuple[Avvikelsepost, ...]:
    """Explained, half explained and unexplained."""

    def post(namn: str, kod: str, budget: int, prognos: int, orsak: str, atgard: str) -> Avvikelsepost:
        return Avvikelsepost(
            "Samhällsbyggnadsnämnden", namn, "Drift",
            amount("drift", kod, "avvikelse_helar", prognos - budget, plus=True), amount("drift", kod, "budget", budget),
            amount("drift", kod, "prognos", prognos), "överskott" if prognos > budget else "underskott",
            orsak, atgard, ska_forklaras=True, forklaring_saknas=not orsak, atgard_saknas=prognos < budget and not atgard, enhet="tkr",
        )  # fmt: skip

    return (
        post(
            "Köp av tjänster", "kop", -52_700, -58_910,
            "Konsulter har ersatt fyra vakanta tjänster på planenheten sedan januari, och entreprenaden för gatudrift har "
            "indexerats upp med 6,1 procent.",
            "Två tjänster är tillsatta från juni. Avropen begränsas till lagstadgade ärenden.",
        ),
        post(
            "Vinterväghållning och snöröjning i hela kommunen", "vinter", -9_600, -14_180,
            "<b>Ovanligt</b> många snöfall i januari & februari 😀.", "",
        ),
        post("Taxor och avgifter", "taxor", 41_250, 43_980, "Fler stora bygglov än väntat.", "Ingen åtgärd behövs."),
        post("Bidrag från staten och andra", "bidrag", 6_800, 5_150, "", ""),
    )  # fmt: skip


def sections() -> tuple[Sektion, ...]:
    """Every kind of block."""
    result = amount("drift", "resultat", "prognos", -10_160)
    drift_charts = charts()
    return (
        Sektion(
            "sammanfattning", "Sammanfattning",
            punkter=(
                Mening(("Samhällsbyggnadsnämnden väntas redovisa ett underskott mot budget på ", result, " tkr för helåret.")),
                Mening(
                    (
                        "Störst är avvikelserna för köp av tjänster ", amount("drift", "kop", "avvikelse_helar", -6_210, plus=True),
                        " tkr och vinterväghållning ", amount("drift", "vinter", "avvikelse_helar", -4_580, plus=True), " tkr.",
                    )
                ),
                Mening(("4 avvikelser är större än kommunens gräns för vad som ska förklaras. Förklaring saknas till en av dem.",)),
            ),
            diagram=drift_charts[:1],
        ),
        Sektion(
            "drift", "Driftprognos",
            meningar=(Mening(("Nämndens resultat för helåret väntas bli ", result, " tkr.")),),
            diagram=drift_charts[1:], tabeller=(drift_table(),),
            kommentarer=(
                Kommentar("Nämnden som helhet", "Underskottet beror på en snörik vinter.", "En åtgärdsplan lämnas i juni."),
            ),
        ),
        Sektion("investeringar", "Investeringsprognos", tabeller=(investment_table(),)),
        Sektion("volymer", "Volymer", tabeller=(volume_table(),)),
        Sektion(
            "avvikelser", "Avvikelser med orsak och åtgärd",
            meningar=(Mening(("Avvikelser på minst 500 tkr och 2,0 % av radens budget ska förklaras. KF 2025-11-24 § 212.",)),),
            avvikelser=deviations(),
        ),
        Sektion(
            "ej-rapporterat", "Det här har inte rapporterats",
            punkter=(Mening(("Samhällsbyggnadsnämnden, investeringar: prognos helår saknas för 4 av 40 rader.",)),),
        ),
        Sektion(
            "metod", "Metod och teckenregel",
            punkter=(
                Mening(("Drift: avvikelse är prognos minus budget; plus är alltid överskott.",)),
                Mening(("Belopp räknas i hela ören och avrundas en enda gång, när de skrivs ut.",)),
            ),
        ),
        Sektion("metod-volymer", "Volymernas källor", niva=3, meningar=(Mening(("Volymerna är hämtade ur ärendesystemet.",)),)),
        Sektion(
            "underlag", "Underlag",
            underlag=(
                Underlag("Samhällsbyggnadsförvaltningen", "manadsretur_2026-04_SBF.xlsx", "2026-05-07 14.32", "2", "9f2c" * 16, "godkänd"),
                Underlag("Servicekontoret", "manadsretur_2026-04_SK.xlsx", "2026-05-08 08.05", "1", "07be" * 16, "godkänd"),
            ),
        ),
    )  # fmt: skip


def trails(nyckeltal: tuple[Nyckeltal, ...], sektioner: tuple[Sektion, ...]) -> tuple[Spar, ...]:
    """A trail for every figure shown: avvikelser computed, the rest read from a cell."""
    shown: dict[str, tuple[str, str]] = {}
    for tal, namn in _shown(nyckeltal, sektioner):
        shown.setdefault(tal.figure_id, (namn, tal.text))
    spar = []
    for name, (namn, text) in sorted(shown.items()):
        base, serie = name.rsplit("/", 1)
        if serie == "avvikelse_helar":
            inputs = (
                SparIndata(
                    f"{base}/prognos", "+", "Prognos helår", shown.get(f"{base}/prognos", ("", "uppgift saknas"))[1]
                ),
                SparIndata(
                    f"{base}/budget", "−", "Budget helår", shown.get(f"{base}/budget", ("", "uppgift saknas"))[1]
                ),
            )
            spar.append(Spar(name, f"{namn}, avvikelse", text, "prognos − budget", SIGN_DRIFT, inputs, ""))
        else:
            source = f"fil manadsretur_2026-04_SBF.xlsx, blad Drift, cell F17, sha256 {'9f2c' * 16}"
            spar.append(Spar(name, f"{namn}, {serie}", text, "", SIGN_DRIFT, (), source))
    return tuple(spar)


def _shown(nyckeltal: tuple[Nyckeltal, ...], sektioner: tuple[Sektion, ...]) -> list[tuple[Tal, str]]:
    """Every number with the name of its row."""
    shown = [(post.varde, post.namn) for post in nyckeltal]
    for sektion in sektioner:
        for tabell in sektion.tabeller:
            shown += [(tal, rad.namn) for rad in tabell.rader for tal in rad.celler]
        for post in sektion.avvikelser:
            shown += [(tal, post.rad_namn) for tal in (post.avvikelse, post.budget, post.prognos)]
        for mening in (*sektion.meningar, *sektion.punkter):
            shown += [(part, sektion.rubrik) for part in mening.delar if isinstance(part, Tal)]
    return shown


def sample_report() -> Rapport:
    """The report."""
    nyckeltal, sektioner = cards(), sections()
    return Rapport(
        id="manadsrapport-2026-04-sbn",
        kod="SBN",
        slag="Månadsrapport",
        kommun="Lingonby kommun",
        namn="Samhällsbyggnadsnämnden",
        period_text="april 2026",
        titel="Samhällsbyggnadsnämnden: månadsrapport april 2026",
        marke="Påhittad kommun, siffrorna är exempel",
        accentfarg="#1f4e79",
        nyckeltal=nyckeltal,
        sektioner=sektioner,
        spar=trails(nyckeltal, sektioner),
        underlag_tid="2026-05-08T08:05:11.250+02:00",
    )


def sample_state(tillstand: str = "utkast", version: int = 1) -> Lage:
    """Its state."""
    return Lage(tillstand, version, "a1b2c3d4e5f60718" * 4)
