"""Tables of the statements, noter, nyckeltal, balanskrav, goals and staff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from data_contracts.uppstallningsform import Form, Formrad
from transforms.belopp import antal_text, belopp_text, rounds_to_sum
from transforms.book_types import Bokrad, Boktabell
from transforms.figures import KOMMUNEN, Figure
from transforms.ledger.investments import SUMMA_INVESTERINGAR
from transforms.statements.balance_requirement import BALANSKRAV, IB, RESULTAT, SYNNERLIGA, UB
from transforms.statements.closing import chosen_nyckeltal
from transforms.statements.deviations import AVVIKELSE, AVVIKELSE_HELAR, AVVIKELSE_PERIOD, AVVIKELSER
from transforms.statements.entered import column_of
from transforms.statements.key_ratios import NYCKELTAL
from transforms.statements.sums import AVRUNDNING
from transforms.view_types import Kolumn, Tal
from transforms.views.books.context import BooksContext
from transforms.views.context import tal


def statement_table(
    context: BooksContext,
    form: Form,
    serier: Sequence[str],
    *,
    id: str,
    rubrik: str,
    enhet: str = KOMMUNEN,
    on_day: bool = False,
) -> Boktabell:
    """A statement by its form: the rows that have a figure in some column, each with its note.

    The note is the kommun's own choice (``former: noter``), else the one that the register of noter says specifies the row. Only the
    kommun's statements have noter, and only those that the report holds.

    Args:
        on_day: the amounts are balances, which stand on a day and not for a time.
    """
    numbers = _note_numbers(context, form) if enhet == KOMMUNEN else {}
    rows = [row for rad in form.rader if (row := _row(context, form, rad, serier, numbers, enhet)) is not None]
    return Boktabell(
        id=id,
        rubrik=rubrik,
        enhet=context.unit,
        teckenregel=_sign_rule(form, serier),
        radrubrik="Belopp",
        kolumner=tuple(Kolumn(serie, context.heading(serie, on_day=on_day)) for serie in serier),
        rader=tuple(_without_empty_headings(rows)),
        noter=rounding_notes(context, form, serier, enhet),
        med_noter=any(row.hanvisning for row in rows),
    )


def _note_numbers(context: BooksContext, form: Form) -> dict[str, tuple[str, int]]:
    """Per row of the form its note: code and number."""
    filled = {figure.rad.partition(".")[0] for figure in context.books.figures if figure.matt == "noter"}
    shown = {
        note.kod: note.nummer
        for note in context.settings.noter
        if (note.rader and note.kod in filled) or f"not-{note.kod}" in context.texter
    }
    specified = {note.rad.rad: note.kod for note in context.regler.noter if note.rad and note.rad.form == form.kod}
    named = {rad.kod: rad.not_ or specified.get(rad.kod, "") for rad in form.rader}
    return {kod: (note, shown[note]) for kod, note in named.items() if note in shown}


def _sign_rule(form: Form, serier: Sequence[str]) -> str:
    rules = [rule for serie, rule in _AVVIKELSER.items() if serie in serier]
    if not rules:
        return form.teckenregel
    return f"{form.teckenregel} {' '.join(rules)} Plus är överskott."


_AVVIKELSER = {
    AVVIKELSE: "Avvikelse = utfall \u2212 budget.",
    AVVIKELSE_PERIOD: "Avvikelse mot periodens budget = utfall \u2212 budget för samma månader.",
    AVVIKELSE_HELAR: "Avvikelse prognos mot budget = prognos \u2212 budget, helår.",
}


def _row(
    context: BooksContext,
    form: Form,
    rad: Formrad,
    serier: Sequence[str],
    numbers: Mapping[str, tuple[str, int]],
    enhet: str,
) -> Bokrad | None:
    if rad.rubrik:
        return Bokrad(rad.namn, (), stil="rubrik", niva=rad.niva)
    found = [context.figure(form.kod, rad.kod, column_of(serie, context.period.year), enhet) for serie in serier]
    if not any(figure is not None and not figure.is_not_applicable for figure in found):
        return None
    note, number = numbers.get(rad.kod, ("", 0))
    cells = tuple(
        tal(figure, context.unit, plus=serie in AVVIKELSER) for figure, serie in zip(found, serier, strict=True)
    )
    return Bokrad(
        rad.namn,
        cells,
        stil=rad.stil if rad.is_sum else "post",
        niva=rad.niva,
        hanvisning=str(number) if number else "",
        not_id=f"not-{note}" if note else "",
    )


def _without_empty_headings(rows: Sequence[Bokrad]) -> Iterable[Bokrad]:
    """The rows without headings that nothing stands under."""
    for place, row in enumerate(rows):
        if row.stil == "rubrik" and (place + 1 == len(rows) or rows[place + 1].stil == "rubrik"):
            continue
        yield row


def rounding_notes(context: BooksContext, form: Form, serier: Sequence[str], enhet: str = KOMMUNEN) -> tuple[str, ...]:
    """What the source's rounding did to the sums, or that printed parts do not add up."""
    rows: list[str] = []
    for rad in form.rader:
        for serie in serier:
            column = column_of(serie, context.period.year)
            figure = context.figure(form.kod, f"{rad.kod}{AVRUNDNING}", column, enhet)
            if figure is not None and figure.varde:
                amount = belopp_text(figure.varde, context.unit, plus=True)
                rows.append(f"{rad.namn} {context.heading(serie).lower()}: {amount} {context.unit}")
    if rows:
        return (f"Avrundning i källan, medräknad i summan: {'; '.join(rows)}.",)
    if any(not _adds_up(context, form, rad, serie, enhet) for rad in form.rader if rad.is_sum for serie in serier):
        return ("Avrundning gör att summor inte alltid stämmer.",)
    return ()


def _adds_up(context: BooksContext, form: Form, rad: Formrad, serie: str, enhet: str) -> bool:
    column = column_of(serie, context.period.year)
    total = context.figure(form.kod, rad.kod, column, enhet)
    parts = [context.figure(form.kod, part, column, enhet) for part in rad.delar]
    values = [part.varde for part in parts if part is not None and part.varde is not None]
    if total is None or total.varde is None:
        return True
    return rounds_to_sum(values, total.varde, context.unit)


def noter_tables(context: BooksContext) -> tuple[tuple[str, str, Boktabell], ...]:
    """Each note with figures: its id, heading and table."""
    form = context.forms.get("noter")
    balances = {note.kod for note in context.regler.noter if note.rad and note.rad.form == "balansrakning"}
    made: list[tuple[str, str, Boktabell]] = []
    for note in sorted(context.settings.noter, key=lambda note: note.nummer):
        if form is None or not note.rader:
            continue
        rows = tuple(rad for rad in form.rader if rad.kod.startswith(f"{note.kod}."))
        own = form.model_copy(update={"rader": rows, "teckenregel": "Tecken som i räkenskaperna."})
        serier = tuple(
            serie
            for serie in note.kolumner
            if any(context.figure("noter", rad.kod, column_of(serie, context.period.year)) for rad in rows)
        )
        heading = f"Not {note.nummer} {note.rubrik}"
        table = statement_table(
            context, own, serier, id=f"not-{note.kod}-tabell", rubrik=heading, on_day=note.kod in balances
        )
        if table.rader:
            made.append((f"not-{note.kod}", heading, table))
    return tuple(made)


def nyckeltal_table(context: BooksContext) -> Boktabell | None:
    """The chosen nyckeltal per year; the definition under each."""
    serier = [serie for serie in ("utfall", "bokslut", "bokslut_2") if context.is_used(NYCKELTAL, serie)]
    rows: list[Bokrad] = []
    for definition in chosen_nyckeltal(context.settings, context.regler):
        found = [context.figure(NYCKELTAL, definition.kod, column_of(s, context.period.year)) for s in serier]
        if any(figure is not None and figure.varde is not None for figure in found):
            cells = tuple(tal(figure, context.unit) for figure in found)
            rows.append(Bokrad(definition.namn, cells, not_text=definition.definition))
    if not rows:
        return None
    return Boktabell(
        id="nyckeltal-tabell",
        rubrik="Finansiella nyckeltal",
        enhet="procent",
        teckenregel="Under varje nyckeltal står hur det är räknat.",
        radrubrik="Nyckeltal",
        kolumner=tuple(Kolumn(serie, context.heading(serie)) for serie in serier),
        rader=tuple(rows),
    )


def deficit_table(context: BooksContext) -> Boktabell | None:
    """The account of deficits: one column per year, newest first, and of which year what is left comes."""
    account = list(reversed(context.books.aterstallning))
    if not account:
        return None
    columns = [("utfall", None) if year.ar == context.period.year else ("bokslut", year.ar) for year in account]

    def cells(rad: str) -> tuple[Tal, ...]:
        return tuple(tal(context.figure(BALANSKRAV, rad, column), context.unit) for column in columns)

    rows = [
        Bokrad("Ingående underskott att återställa", cells(IB)),
        Bokrad("Årets balanskravsresultat", cells(RESULTAT)),
    ]
    if any(cell.ore for cell in cells(SYNNERLIGA)):
        rows.append(Bokrad("Synnerliga skäl att inte återställa", cells(SYNNERLIGA)))
    rows.append(Bokrad("Utgående underskott att återställa", cells(UB), stil="total"))
    origins = sorted({deficit.ar: deficit.senast for year in account for deficit in year.kvar}.items())
    for ar, last in origins:
        rows.append(Bokrad(f"varav från {ar}, återställs senast {last}", cells(f"underskott.{ar}"), niva=1))
    return Boktabell(
        id="aterstallning-tabell",
        rubrik="Återställning av negativa balanskravsresultat",
        enhet=context.unit,
        teckenregel="Underskott \u2212, synnerliga skäl +. Ett överskott utöver det som ska återställas förs inte vidare.",
        radrubrik="Belopp",
        kolumner=tuple(Kolumn(f"ar-{year.ar}", str(year.ar)) for year in account),
        rader=tuple(rows),
    )


def investment_table(context: BooksContext) -> Boktabell | None:
    """Investments per project: the year against budget, and the whole against what was decided."""
    matt = "investeringsredovisning"
    figures = [f for f in context.books.figures if f.matt == matt and f.enhet == KOMMUNEN]
    rows = {figure.rad: figure.namn for figure in reversed(figures)}
    order = sorted(dict.fromkeys(figure.rad for figure in figures), key=lambda rad: rad == SUMMA_INVESTERINGAR)
    wanted = ("utfall", "budget", AVVIKELSE, "ackumulerat", "beslutad", "beraknad")
    serier = [serie for serie in wanted if any(figure.serie == serie for figure in figures)]
    if not rows:
        return None
    words = {
        "ackumulerat": "Utfall t.o.m. året" if context.is_annual else "Utfall sedan start",
        "beslutad": "Beslutad totalutgift",
        "beraknad": "Beräknad totalutgift",
    }
    return Boktabell(
        id="investeringar-tabell",
        rubrik="Investeringar per projekt",
        enhet=context.unit,
        teckenregel="Utgifter utan tecken."
        + (" Avvikelse = budget \u2212 utfall; plus är lägre utgift än budget." if AVVIKELSE in serier else ""),
        radrubrik="Projekt",
        kolumner=tuple(Kolumn(serie, words.get(serie) or context.heading(serie)) for serie in serier),
        rader=tuple(
            Bokrad(
                rows[rad],
                tuple(tal(context.figure(matt, rad, (s, None)), context.unit, plus=s == AVVIKELSE) for s in serier),
                stil="total" if rad == SUMMA_INVESTERINGAR else "post",
            )
            for rad in order
        ),
    )


def amount_in_words(figure: Figure | None, unit: str) -> Tal:
    """A figure in a sentence, with its unit: '−3 950 tkr'."""
    shown = tal(figure, unit)
    if shown.saknas or not shown.text:
        return shown
    return Tal(f"{shown.text}\u00a0{unit}", shown.figure_id, ore=shown.ore)


def volume_cell(figure: Figure | None) -> Tal:
    """A volume in a table whose unit stands in the row."""
    if figure is None or figure.varde is None:
        return tal(figure, "kr")
    return Tal(
        antal_text(figure.varde, figure.decimaler), figure.figure_id, ore=figure.varde, decimaler=figure.decimaler
    )
