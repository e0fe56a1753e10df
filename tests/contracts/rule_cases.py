"""One accepted and one refused case for every rule: (table, code, column) → what makes the rule break, and what it must let pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from tests.contracts.retur_example import Book
from transforms.raw_retur import CellKind, RawCell

Change = Callable[[Book], object]
FrameChange = Callable[[dict[str, pd.DataFrame]], None]


@dataclass(frozen=True)
class Case:
    """A pair for one rule.

    Attributes:
        table, code, column: which rule.
        row: table, row name and column of the cell that the refused finding must point at; row name '' when it points at no cell.
        refused, accepted: changes of the sound workbook.
        blank: column that is made missing in the frame instead of by a cell (what the conversion never lets through).
        span: the last row's name, when the finding points at a range of cells.
        earlier: changes of the sound workbook that give the returns of earlier months, newest first.
        variant: tells two rules with the same code and column apart.
    """

    table: str
    code: str
    column: str
    row: tuple[str, str, str]
    refused: Change | None
    accepted: Change
    blank: str = ""
    span: str = ""
    earlier: tuple[Change, ...] = ()
    variant: str = ""

    @property
    def id(self) -> str:
        return f"{self.table}-{self.code}-{self.column}{self.variant}"


def unchanged(book: Book) -> Book:
    return book


def cell(table: str, row: str, column: str, value: object) -> Change:
    return lambda book: book.set(table, row, **{column: value})


def _sheet(table: str, kod: str, own: dict[str, object]) -> list[Case]:
    """The rules that every sheet with keyed rows has."""
    known = f"X|{kod}"
    free = {"enhet": "X", "kod": "egen1", "prognos": 0, **own}
    strange = {**own, "enhet": "Q", "kod": "egen1", "prognos": 0}
    return [
        Case(table, "E300", "enhet", (table, known, "enhet"), None, unchanged, blank="enhet"),
        Case(table, "E300", "kod", (table, known, "kod"), None, unchanged, blank="kod"),
        Case(
            table, "E301", "enhet_hor_till", (table, "fri1", "enhet"),
            lambda book: book.set(table, "fri1", **strange), lambda book: book.set(table, "fri1", **free),
        ),
        Case(
            table, "E302", "kod_kand", (table, "X|okand", "kod"),
            lambda book: book.set(table, "X|okand", **{**free, "kod": "okand"}), lambda book: book.set(table, "fri1", **free),
        ),
        Case(
            table, "E305", "kod", (table, known, "kod"),
            lambda book: book.double(table, known), lambda book: book.set(table, "fri1", **free),
        ),
    ]  # fmt: skip


def _plan_sheet(table: str, kod: str, texts: tuple[str, ...], other: dict[str, object]) -> list[Case]:
    """The rules that every sheet has whose rows come from the målplan: there are no own rows."""
    known = f"X|{kod}"
    cases = [
        Case(table, "E300", "enhet", (table, known, "enhet"), None, unchanged, blank="enhet"),
        Case(table, "E300", "kod", (table, known, "kod"), None, unchanged, blank="kod"),
        Case(
            table, "E301", "enhet_hor_till", (table, "fri1", "enhet"),
            lambda book: book.set(table, "fri1", enhet="Q", kod=kod, **other), unchanged,
        ),
        Case(
            table, "E302", "kod_kand", (table, "fri1", "kod"),
            lambda book: book.set(table, "fri1", enhet="X", kod="okand", **other), unchanged,
        ),
        Case(table, "E305", "kod", (table, known, "kod"), lambda book: book.double(table, known), unchanged),
    ]  # fmt: skip
    for column in texts:
        row = (table, known, column)
        cases += [
            Case(
                table, "E402", column, row, cell(table, known, column, "Skriv orsaken här"),
                cell(table, known, column, "Vi skriver avtal i juni."),
            ),
            Case(
                table, "E406", f"{column}_personnummer", row, cell(table, known, column, "Gäller placering av 121212-1212."),
                cell(table, known, column, "Avtal 121212-1213."),
            ),
            Case(
                table, "E407", column, row, cell(table, known, column, "Frågor till ekonomi på 070-123 45 67."),
                cell(table, known, column, "Cirka 0,5 mnkr."),
            ),
        ]  # fmt: skip
    return cases


def _indikator(code: str, column: str, at: str, refused: dict[str, object], accepted: dict[str, object]) -> Case:
    return Case(
        "indikatorer", code, column, ("indikatorer", "X|sjuk", at),
        lambda book: book.set("indikatorer", "X|sjuk", **refused), lambda book: book.set("indikatorer", "X|sjuk", **accepted),
    )  # fmt: skip


def _follow_up() -> list[Case]:
    """The sheets of personal and uppföljning: the rules that each has, then its own."""

    def own(
        table: str, row: str, code: str, column: str, at: str, refused: dict[str, object], accepted: dict[str, object]
    ) -> Case:
        return Case(
            table,
            code,
            column,
            (table, row, at),
            lambda book: book.set(table, row, **refused),
            lambda book: book.set(table, row, **accepted),
        )

    staff: list[Case] = []
    for control, code, column, refused, accepted in (
        ("personalgrupper", "E751", "inom_ordinarie", {"sjuktid": 6401}, {"sjuktid": 6400, "sjuktid_lang": 80}),
        ("personalgrupper", "E752", "lang_inom", {"sjuktid_lang": 321}, {"sjuktid_lang": 320}),
        ("personalgrupper", "E753", "rimlig", {"sjuktid": 1601}, {"sjuktid": 1600}),
        ("personalgrupper", "E754", "friska_inom", {"friska": 41}, {"friska": 40}),
        ("personalindelningar", "E765", "summerar", {"anstallda": 41}, {"sjuktid": 322}),
        ("personalindelningar", "E767", "inom_grupperna", {"sjuktid": 500}, {"sjuktid": 330}),
    ):
        staff.append(
            Case(
                control,
                code,
                column,
                ("personal", "X|totalt", "sjuktid"),
                _totals(refused),
                _totals(accepted),
            )
        )
    return [
        *_keys("personal", "totalt", {"anstallda": 3}), *_keys("arsarbetare", "visstid", {"arsarbetare": 3}),
        *_plan_sheet("enkater", "nojd", ("kommentar",), {"utfall": 6, "vardear": "2025"}),
        own("enkater", "X|nojd", "E703", "vardear_angivet", "vardear", {"vardear": None}, {"vardear": None, "utfall": None}),
        own("enkater", "X|nojd", "E704", "vardear_rimligt", "vardear", {"vardear": "2027"}, {"vardear": "2026"}),
        own("enkater", "X|nojd", "E755", "utfall_inom", "utfall", {"utfall": 101}, {"utfall": 100}),
        own("enkater", "X|nojd", "E756", "svar_inom", "svarande", {"svarande": 91}, {"svarande": 90}),
        *_plan_sheet("synpunkter", "bemotande", ("kommentar",), {"forslag": 1}),
        *_plan_sheet("texter", "handelser", ("text",), {"text": "En ny skola öppnade."}),
        *(
            own("synpunkter", "X|bemotande", "E757", name, name, {name: -1}, {name: 0})
            for name in ("forslag", "synpunkter", "klagomal")
        ),
        *_plan_sheet("risker", "jav", ("atgard",), {"sannolikhet": 1, "konsekvens": 1}),
        own("risker", "X|jav", "E770", "sannolikhet_giltig", "sannolikhet", {"sannolikhet": 5}, {"sannolikhet": 4}),
        own("risker", "X|jav", "E770", "konsekvens_giltig", "konsekvens", {"konsekvens": 4}, {"konsekvens": 3}),
        own("risker", "X|jav", "E771", "bedomning_hel", "sannolikhet", {"sannolikhet": None}, {"sannolikhet": None, "konsekvens": None}),
        own("risker", "X|jav", "E772", "resultat", "resultat", {"resultat": "bra"}, {"resultat": None}),
        own("risker", "X|jav", "E773", "atgard_finns", "atgard", {"resultat": "brist"}, {"resultat": "brist", "atgard": "Ny rutin."}),
        *_plan_sheet("utforare", "nojd.egen", ("kommentar",), {"utfall": 6, "vardear": "2025"}),
        own("utforare", "X|nojd.egen", "E703", "vardear_angivet", "vardear", {"vardear": None}, {"vardear": None, "utfall": None}),
        own("utforare", "X|nojd.egen", "E704", "vardear_rimligt", "vardear", {"vardear": "2010"}, {"vardear": "2011"}),
        *_procurements(own), *staff,
        Case(
            "personaltal", "E750", "varde", ("personal", "X|man", "sjuktid_fg_ar"), cell("personal", "X|man", "sjuktid_fg_ar", -1),
            cell("personal", "X|man", "sjuktid_fg_ar", 0),
        ),
        Case(
            "personalindelningar", "E766", "egen_tid", ("personal", "X|totalt", "sjuktid"),
            lambda book: [book.set("personal", f"X|{kod}", ordinarie_tid=6400) for kod in ("kvinnor", "man")],
            cell("personal", "X|kvinnor", "ordinarie_tid", 6400),
        ),
        Case(
            "personalindelningar", "E768", "inte_andelar", ("personal", "X|totalt", "sjuktid"),
            lambda book: [book.set("personal", f"X|{kod}", ordinarie_tid=320) for kod in ("hogst_29", "fran_30_till_49", "minst_50")],
            cell("personal", "X|hogst_29", "ordinarie_tid", 320),
        ),
    ]  # fmt: skip


def _totals(values: dict[str, object]) -> Change:
    return lambda book: book.set("personal", "X|totalt", **values)


def _keys(table: str, kod: str, other: dict[str, object]) -> list[Case]:
    """The rules of the keys alone, of a sheet without texts."""
    return _plan_sheet(table, kod, (), other)


def _procurements(own: Callable[..., Case]) -> list[Case]:
    """The sheet with nothing but the sender's own rows."""
    table, row = "upphandlingar", "fri1"
    sound = {"enhet": "X", "kod": "D-1", "benamning": "Skolskjuts", "varde": 100}

    def pair(
        code: str, column: str, at: str, refused: dict[str, object], accepted: dict[str, object], blank: str = ""
    ) -> Case:
        return own(table, row, code, column, at, {**sound, **refused}, {**sound, **accepted})

    return [
        *_sheet_keys(table, sound),
        pair("E790", "benamning", "benamning", {"benamning": None}, {}),
        pair("E791", "forfarande", "forfarande", {"forfarande": "lotteri"}, {"forfarande": "öppet"}),
        pair("E792", "lage", "lage", {"lage": "på gång"}, {"lage": "planerad"}),
        pair("E793", "varde", "varde", {"varde": -1}, {"varde": 0}),
        pair(
            "E794", "avtalstid_rimlig", "avtal_till", {"avtal_fran": dt.date(2026, 5, 1), "avtal_till": dt.date(2026, 4, 30)},
            {"avtal_fran": dt.date(2026, 5, 1), "avtal_till": dt.date(2026, 5, 1)},
        ),
        pair("E402", "benamning", "benamning", {"benamning": "Skriv namnet här"}, {}),
        pair("E406", "benamning_personnummer", "benamning", {"benamning": "Placering av 121212-1212"}, {"benamning": "Avtal 121212-1213"}),
        pair("E407", "benamning", "benamning", {"benamning": "Ring 070-123 45 67"}, {"benamning": "Cirka 0,5 mnkr"}),
    ]  # fmt: skip


def _sheet_keys(table: str, sound: dict[str, object]) -> list[Case]:
    return [
        Case(table, "E300", "enhet", (table, "fri1", "enhet"), _free(table, sound), _free(table, sound), blank="enhet"),
        Case(table, "E300", "kod", (table, "fri1", "kod"), _free(table, sound), _free(table, sound), blank="kod"),
        Case(
            table, "E301", "enhet_hor_till", (table, "fri1", "enhet"), _free(table, {**sound, "enhet": "Q"}), _free(table, sound),
        ),
        Case(
            table, "E302", "kod_kand", (table, "X|okand", "kod"),
            lambda book: book.set(table, "X|okand", **{**sound, "kod": "okand"}), _free(table, sound),
        ),
        Case(
            table, "E305", "kod", (table, "fri1", "kod"),
            lambda book: book.set(table, "fri1", **sound).set(table, "fri2", **sound), _free(table, sound),
        ),
    ]  # fmt: skip


def _free(table: str, values: dict[str, object]) -> Change:
    return lambda book: book.set(table, "fri1", **values)


def _own_rows(table: str, summa: str) -> list[Case]:
    """The rules on which sum a sender's own row belongs to."""
    free = {"enhet": "X", "kod": "egen1", "prognos": 0}
    right = cell(table, "fri1", "grupp", summa)

    def with_group(group: str | None) -> Change:
        return lambda book: book.set(table, "fri1", **free, grupp=group)

    return [
        Case(
            table,
            "E303",
            "grupp",
            (table, "fri1", "grupp"),
            with_group(None),
            lambda book: right(book.set(table, "fri1", **free)),
        ),
        Case(table, "E304", "grupp_kand", (table, "fri1", "grupp"), with_group("personal"), with_group(summa)),
    ]


_HELHET = "X|drift|helhet"


def _comment(**values: object) -> Change:
    return lambda book: book.set("kommentarer", _HELHET, **values)


def _own_comment(**values: object) -> Change:
    row = {"enhet": "X", "avser": "drift", "kod": "personal", "orsak": "Lönerna ökar mer än väntat."}
    return lambda book: book.set("kommentarer", "fri1", **{**row, **values})


def _texts(column: str) -> list[Case]:
    row = ("kommentarer", _HELHET, column)
    return [
        Case(
            "kommentarer", "E402", column, row, _comment(**{column: "Skriv orsaken här"}),
            _comment(**{column: "Vi skriver avtal i juni."}),
        ),
        Case("kommentarer", "E403", column, row, _comment(**{column: "Se ovan"}), _comment(**{column: "Vikarier.\nSjukdom."})),
        Case(
            "kommentarer", "E406", f"{column}_personnummer", row, _comment(**{column: "Gäller placering av 121212-1212."}),
            _comment(**{column: "Avtal 121212-1213 och 1 234 567 kr."}),
        ),
        Case(
            "kommentarer", "E407", column, row, _comment(**{column: "Frågor till ekonomi på 070-123 45 67."}),
            _comment(**{column: "Cirka 0,5 mnkr av 070 tkr, se § 070-2026."}),
        ),
    ]  # fmt: skip


def _field(code: str, column: str, name: str, refused: object, accepted: object) -> Case:
    return Case(
        "start",
        code,
        column,
        ("start", name, "varde"),
        cell("start", name, "varde", refused),
        cell("start", name, "varde", accepted),
    )


def _uppgift(code: str, column: str, row: tuple[str, str, str], refused: object, accepted: object, table: str) -> Case:
    sheet, name, serie = row
    return Case(table, code, column, row, cell(sheet, name, serie, refused), cell(sheet, name, serie, accepted))


def _magnitude(factor: Decimal | int) -> Change:
    """Every prognos of drift a factor off, sums too."""
    values = {
        "intakter": 1000,
        "personal": -1500,
        "lokaler": -500,
        "kostnader": -2000,
        "nettokostnad": -1000,
        "kommunbidrag": 1000,
    }
    return lambda book: book.set_all("drift", "prognos", {kod: value * factor for kod, value in values.items()})


def _untouched(book: Book, prognos: int) -> Book:
    book.set("drift", "X|lokaler", utfall=-510, prognos=prognos)
    book.set("drift", "X|kostnader", utfall=-2010)
    return book.set("drift", "X|nettokostnad", utfall=-1010).set("drift", "X|resultat", utfall=-10)


def _off_by(ore: int) -> Change:
    """Personal changed by so many öre below a stored sum of two addends that stays."""
    return cell("drift", "X|kostnader", "prognos", Decimal(-2000) + Decimal(ore) / 100_000)


def _result(prognos: int, orsak: str) -> Change:
    """Personal's prognos, and with it the enhet's result, beside a comment on the whole."""
    return lambda book: book.set("drift", "X|personal", prognos=prognos).set("kommentarer", _HELHET, orsak=orsak)


def _small(divisor: int) -> Change:
    """Every utfall of drift that much smaller, sums too."""
    values = {
        "intakter": 1000,
        "personal": -1500,
        "lokaler": -500,
        "kostnader": -2000,
        "nettokostnad": -1000,
        "kommunbidrag": 1000,
    }
    return lambda book: book.set_all(
        "drift", "utfall", {kod: Decimal(value) / divisor for kod, value in values.items()}
    )


def _standing(prognos: int, utfall: int = -1500) -> Change:
    return cells("drift", "X|personal", prognos=prognos, utfall=utfall)


def cells(table: str, row: str, **values: object) -> Change:
    return lambda book: book.set(table, row, **values)


_OWN_INVESTMENT = {"enhet": "X", "kod": "egen", "grupp": "totalt"}
_TYPED_SUM = RawCell("", CellKind.TAL, "-2000", Decimal(-2000))

RETUR = [
    Case("start", "E305", "falt", ("start", "status", "falt"), lambda book: book.double("start", "status"), unchanged),
    Case(
        "start", "E380", "ny_sedan_forra", ("start", "period", "varde"), unchanged, cell("drift", "X|lokaler", "utfall", -501),
        earlier=(unchanged,),
    ),
    _field("E500", "varde", "ifylld_av_roll", None, "controller"),
    _field("E501", "varde", "ifylld_datum", None, "2026-05-01"),
    _field("E502", "datum_giltigt", "ifylld_datum", "2026-09-31", "2026-09-30"),
    _field("E503", "varde", "status", None, "klar"),
    _field("E504", "varde", "status", "nästan klar", "utkast"),
    _field("E505", "varde", "status", "utkast", "klar"),
    *_sheet("drift", "personal", {"grupp": "kostnader"}),
    *_own_rows("drift", "kostnader"),
    *_sheet("drift_verksamhet", "v1", {}),
    *_sheet("investeringar", "it", {"grupp": "totalt"}),
    *_own_rows("investeringar", "totalt"),
    *_sheet("volymer", "barn", {"matt_enhet": "st"}),
    Case(
        "volymer", "E370", "matt_enhet", ("volymer", "fri1", "matt_enhet"),
        lambda book: book.set("volymer", "fri1", enhet="X", kod="egen", prognos=3),
        lambda book: book.set("volymer", "fri1", enhet="X", kod="egen", prognos=3, matt_enhet="platser"),
    ),
    *_plan_sheet("indikatorer", "sjuk", ("kommentar",), {"utfall": 6}),
    _indikator("E701", "utfall_inom", "utfall", {"utfall": 26}, {"utfall": 25}),
    _indikator("E701", "prognos_inom", "prognos", {"prognos": -1}, {"prognos": 0}),
    _indikator("E701", "kvinnor_inom", "utfall_kvinnor", {"utfall_kvinnor": 26}, {"utfall_kvinnor": 25}),
    _indikator("E701", "man_inom", "utfall_man", {"utfall_man": -1}, {"utfall_man": 0}),
    _indikator("E702", "procent_rimlig", "utfall", {"utfall": Decimal("0.1")}, {"utfall": Decimal("1.1")}),
    _indikator("E702", "prognos_procent_rimlig", "prognos", {"prognos": Decimal("0.1")}, {"prognos": Decimal("1.1")}),
    Case(
        "indikatorer", "E706", "hamtas", ("indikatorer", "X|klagomal", "utfall"),
        lambda book: book.set("indikatorer", "X|klagomal", utfall=4, vardear="2026"),
        lambda book: book.set("indikatorer", "X|klagomal", prognos=4),
    ),
    _indikator("E703", "vardear_angivet", "vardear", {"vardear": None}, {"vardear": None, "utfall": None}),
    _indikator("E704", "vardear_rimligt", "vardear", {"vardear": "2027"}, {"vardear": "2025"}),
    _indikator("E705", "bedomning", "bedomning", {"bedomning": "grön"}, {"bedomning": "uppfylld"}),
    _indikator("E707", "bedomning_motiverad", "bedomning", {"bedomning": "delvis"}, {"bedomning": "delvis", "kommentar": "Ny mätning."}),
    *_plan_sheet("aktiviteter", "samtal", ("kommentar",), {"levererad": "ja", "fardiggrad": 100}),
    Case(
        "aktiviteter", "E710", "levererad", ("aktiviteter", "X|samtal", "levererad"),
        cell("aktiviteter", "X|samtal", "levererad", "kanske"), cell("aktiviteter", "X|samtal", "levererad", None),
    ),
    Case(
        "aktiviteter", "E711", "kommentar", ("aktiviteter", "X|samtal", "kommentar"),
        cell("aktiviteter", "X|samtal", "levererad", "nej"),
        lambda book: book.set("aktiviteter", "X|samtal", levererad="nej", kommentar="Flyttat till hösten."),
    ),
    Case(
        "aktiviteter", "E712", "fardiggrad", ("aktiviteter", "X|samtal", "fardiggrad"),
        cell("aktiviteter", "X|samtal", "fardiggrad", 101), cell("aktiviteter", "X|samtal", "fardiggrad", 100),
    ),
    Case(
        "aktiviteter", "E713", "fardig_stammer", ("aktiviteter", "X|samtal", "fardiggrad"),
        cell("aktiviteter", "X|samtal", "fardiggrad", 99),
        lambda book: book.set("aktiviteter", "X|samtal", levererad="nej", fardiggrad=99, kommentar="Pågår enligt plan."),
    ),
    *_plan_sheet("malbedomningar", "franvaro", ("motivering", "atgard"), {"bedomning": "delvis", "motivering": "Färre."}),
    Case(
        "malbedomningar", "E705", "bedomning", ("malbedomningar", "X|franvaro", "bedomning"),
        cell("malbedomningar", "X|franvaro", "bedomning", "gul"), cell("malbedomningar", "X|franvaro", "bedomning", "ej mätbar"),
    ),
    Case(
        "malbedomningar", "E716", "bedomning_motiverad", ("malbedomningar", "X|franvaro", "bedomning"),
        cell("malbedomningar", "X|franvaro", "motivering", None),
        lambda book: book.set("malbedomningar", "X|franvaro", bedomning=None, motivering=None),
    ),
    *_follow_up(),
    Case("kommentarer", "E300", "enhet", ("kommentarer", _HELHET, "enhet"), None, unchanged, blank="enhet"),
    Case("kommentarer", "E300", "avser", ("kommentarer", _HELHET, "avser"), None, unchanged, blank="avser"),
    Case("kommentarer", "E300", "kod", ("kommentarer", _HELHET, "kod"), None, unchanged, blank="kod"),
    Case("kommentarer", "E301", "enhet_hor_till", ("kommentarer", "fri1", "enhet"), _own_comment(enhet="Y"), _own_comment()),
    Case("kommentarer", "E306", "avser", ("kommentarer", "fri1", "avser"), _own_comment(avser="personal"), _own_comment()),
    Case(
        "kommentarer", "E409", "orsakskategori", ("kommentarer", _HELHET, "orsakskategori"),
        _comment(orsakskategori="väder"), _comment(orsakskategori="engångspost"),
    ),
    Case("kommentarer", "E302", "kod_kand", ("kommentarer", "fri1", "kod"), _own_comment(kod="it"), _own_comment()),
    Case(
        "kommentarer", "E305", "kod", ("kommentarer", _HELHET, "kod"), lambda book: book.double("kommentarer", _HELHET), _own_comment()
    ),
    *_texts("orsak"),
    *_texts("atgard"),
    Case(
        "kommentarer", "E405", "orsak", ("kommentarer", _HELHET, "orsak"), _result(-1700, "Överskott genom lägre kostnader för vikarier."),
        _result(-1700, "Underskott, trots lägre kostnader för vikarier."), variant="-minus",
    ),
    Case(
        "kommentarer", "E405", "orsak", ("kommentarer", _HELHET, "orsak"), _result(-1300, "Underskott genom högre kostnader för vikarier."),
        _result(-1300, "Överskott, trots högre kostnader för vikarier."), variant="-plus",
    ),
    Case(
        "kommentarer", "E408", "orsak_ny", ("kommentarer", _HELHET, "orsak"), _comment(orsak="Fler barn  än\nbudgeterat i Förskolan."),
        _comment(orsak="Fler barn än budgeterat i skolan."), earlier=(unchanged,),
    ),
    Case(
        "kommentarer", "E404", "klardatum_rimligt", ("kommentarer", _HELHET, "klardatum"),
        _comment(klardatum=dt.date(2026, 3, 31)), _comment(klardatum=dt.date(2026, 4, 1)),
    ),
    Case(
        "belopp", "E320", "varde", ("investeringar", "X|it", "utfall_fg_ar"),
        cell("investeringar", "X|it", "utfall_fg_ar", 100_000_001), cell("investeringar", "X|it", "utfall_fg_ar", 100_000_000),
    ),
    Case(
        "belopp", "E321", "varde", ("drift", "X|lokaler", "utfall"),
        cell("drift", "X|lokaler", "utfall", 500), cell("drift", "X|lokaler", "utfall", 0),
    ),
    Case(
        "belopp", "E322", "rad_typ", ("drift", "fri1", "utfall"),
        lambda book: book.set("drift", "fri1", enhet="X", kod="rubrik", utfall=5),
        lambda book: book.set("drift", "fri1", enhet="X", kod="rubrik"),
    ),
    Case(
        "belopp", "E340", "lamnad", ("drift_verksamhet", "X|v1", "prognos"),
        cell("drift_verksamhet", "X|v1", "prognos", None), cell("drift_verksamhet", "X|v1", "prognos", 0),
    ),
    *(
        case
        for table, sheet, row, value in (("belopp", "drift", "X|lokaler", -500), ("volymtal", "volymer", "X|barn", 120))
        for case in (
            Case(
                table, "E342", "rad_utan_belopp", (sheet, row, "prognos"), cell(sheet, row, "prognos", " Ej tillämpligt"),
                cells(sheet, "fri1", enhet="X", kod="egen", prognos="ej tillämpligt"),
            ),
            Case(
                table, "E353", "varde", (sheet, row, "fg_prognos"), cell(sheet, row, "fg_prognos", value + 1),
                cell(sheet, row, "fg_prognos", value), earlier=(unchanged,),
            ),
        )
    ),
    Case(
        "volymtal", "E371", "varde", ("volymer", "X|barn", "utfall"),
        cell("volymer", "X|barn", "utfall", -1), cell("volymer", "X|barn", "utfall", 0),
    ),
    Case(
        "volymtal", "E340", "lamnad", ("volymer", "X|barn", "prognos"),
        cell("volymer", "X|barn", "prognos", None), cell("volymer", "X|barn", "prognos", 0),
    ),
    Case(
        "summor", "E333", "formel_hel", ("drift", "X|kostnader", "prognos"), cell("drift", "X|kostnader", "prognos", _TYPED_SUM), unchanged
    ),
    Case("summor", "E330", "varde", ("drift", "X|kostnader", "prognos"), _off_by(-200_001), _off_by(-200_000)),
    Case(
        "summor", "E331", "varde", ("investeringar", "X|totalt", "utfall"),
        cell("investeringar", "X|totalt", "utfall", None),
        lambda book: book.set_all("investeringar", "utfall", dict.fromkeys(("fastigheter", "inventarier", "it", "totalt"))),
    ),
    Case(
        "verksamhetssummor", "E332", "varde", ("drift_verksamhet", "X|v1", "prognos"),
        cell("drift_verksamhet", "X|v1", "prognos", -606), cell("drift_verksamhet", "X|v1", "prognos", -605), span="X|v2",
    ),
    Case(
        "budgetrader", "E350", "varde", ("drift", "X|lokaler", "budget"),
        cell("drift", "X|lokaler", "budget", Decimal("-500.00001")), cell("drift", "X|lokaler", "budget", Decimal("-500.0")),
    ),
    Case(
        "budgetrader", "E351", "varde", ("drift", "X|lokaler", "budget"),
        cell("drift", "X|lokaler", "budget", None), cell("drift", "X|lokaler", "budget", -500),
    ),
    Case(
        "budgetrader", "E352", "registrets_budget", ("drift", "fri1", "budget"),
        lambda book: book.set("drift", "fri1", enhet="X", kod="egen", grupp="kostnader", budget=-5, prognos=0),
        lambda book: book.set("drift", "fri1", enhet="X", kod="egen", grupp="kostnader", prognos=0),
    ),
    Case(
        "budgetrader", "E845", "periodbudget", ("drift", "X|lokaler", "periodbudget"),
        cell("drift", "X|lokaler", "periodbudget", Decimal("-500.00001")), cell("drift", "X|lokaler", "periodbudget", None),
    ),
    Case(
        "storleksordning", "E360", "mot_budget", ("drift", "X|intakter", "prognos"), _magnitude(1000), _magnitude(300),
        span="X|kommunbidrag",
    ),
    Case(
        "storleksordning", "E361", "omvant_bp", ("investeringar", "X|fastigheter", "utfall"),
        lambda book: book.set_all("investeringar", "utfall", {"fastigheter": -2000, "inventarier": -500, "it": 300, "totalt": -2200}),
        lambda book: book.set_all("investeringar", "utfall", {"fastigheter": -2000, "inventarier": 500, "it": 300, "totalt": -1200}),
        span="X|it",
    ),
    Case(
        "storleksordning", "E362", "mot_forra", ("drift", "X|intakter", "utfall"), unchanged, _small(4), earlier=(_small(1000),),
        span="X|kommunbidrag",
    ),
    Case(
        "storleksordning", "E312", "borta", ("investeringar", "X|fastigheter", "utfall"), cell("investeringar", "X|it", "utfall", None),
        cell("investeringar", "X|it", "utfall", 0), earlier=(unchanged,), span="X|it",
    ),
    Case(
        "vantade_rader", "E311", "egen_rad_finns", ("investeringar", "", ""), unchanged,
        cells("investeringar", "fri1", **_OWN_INVESTMENT, prognos=0),
        earlier=(cells("investeringar", "fri1", **_OWN_INVESTMENT, prognos=7),),
    ),
    Case("vantade_rader", "E310", "rad_finns", ("investeringar", "", ""), lambda book: book.remove("investeringar", "X|it"), unchanged),
    Case(
        "prognoser", "E341", "orord", ("drift", "X|intakter", "prognos"),
        lambda book: _untouched(book, -500), lambda book: _untouched(book, -501), span="X|kommunbidrag",
    ),
    Case(
        "prognoser", "E343", "oforandrad", ("drift", "X|intakter", "prognos"), _standing(-1501, -1700), _standing(-1502, -1700),
        earlier=(_standing(-1501), _standing(-1501)), span="X|kommunbidrag",
    ),
    Case(
        "avvikelser", "E400", "orsak", ("drift", "X|personal", "prognos"),
        lambda book: book.set("drift", "X|personal", prognos=-1700).set("kommentarer", _HELHET, orsak=None, atgard=None),
        lambda book: book.set("drift", "X|personal", prognos=-1699).set("kommentarer", _HELHET, orsak=None, atgard=None),
    ),
    Case(
        "avvikelser", "E401", "atgard", ("drift", "X|personal", "prognos"),
        lambda book: book.set("drift", "X|personal", prognos=-1700).set("kommentarer", _HELHET, atgard=None),
        lambda book: book.set("drift", "X|personal", prognos=-1300).set("kommentarer", _HELHET, atgard=None),
    ),
]  # fmt: skip


def _register_sheet(table: str, keys: tuple[str, ...]) -> list[Case]:
    """The rules that every sheet of the register has."""
    kod = "resultat" if table == "bokslut" else "kommunbidrag"
    refused_kod = "rubrik" if table == "bokslut" else "resultat"
    cases = [Case(table, "E300", key, (table, "fri1", key), None, unchanged, blank=key) for key in keys]
    return [
        *cases,
        _uppgift("E301", "enhet_hor_till", (table, "fri1", "enhet"), "Q", "Y", table),
        _uppgift("E306", "avser", (table, "fri1", "avser"), "volymer", "drift", table),
        _uppgift("E302", "kod_kand", (table, "fri1", "kod"), refused_kod, kod, table),
        Case(
            table, "E305", keys[0] if keys[0] == "lopnummer" else "kod", (table, "fri1", keys[0] if keys[0] == "lopnummer" else "kod"),
            lambda book: book.set(table, "fri2", **book.rows[table]["fri1"]),
            lambda book: book.set(table, "fri2", **{**book.rows[table]["fri1"], keys[0]: "2" if keys[0] == "lopnummer" else "Y"}),
        ),
        _uppgift("E600", "belopp_enhet", (table, "fri1", "belopp_enhet"), "mkr", "mnkr", table),
        _uppgift("E601", "belopp_enhet", (table, "fri1", "belopp_enhet"), None, "kr", table),
        *(
            [_uppgift("E320", "belopp", (table, "fri1", "belopp"), -100_000_001, -100_000_000, table)]
            if table != "periodbudget"
            else []
        ),
    ]  # fmt: skip


_MONTHS = {f"m{month:02d}": 1000 if month == 1 else 0 for month in range(1, 13)}
"""The months of the sound register's row, which is decided to 1 000 tkr."""


def _by_hand(book: Book, **months: object) -> Book:
    """A second row, of 1 000 tkr, periodised by hand with its own months."""
    row = {**book.rows["beslutad_budget"]["fri1"], "kod": "personal", "periodisering": "manuell"}
    book.set("beslutad_budget", "fri2", **row)
    key = {name: row[name] for name in ("enhet", "avser", "belopp_enhet")}
    return book.set("periodbudget", "fri2", **key, kod="personal", **{**_MONTHS, **months})


REGISTER = [
    Case("start", "E305", "falt", ("start", "ar", "falt"), lambda book: book.double("start", "ar"), unchanged),
    *_register_sheet("beslutad_budget", ("enhet", "avser", "kod")),
    *_register_sheet("periodbudget", ("enhet", "avser", "kod")),
    _uppgift(
        "E840", "nyckel_kand", ("beslutad_budget", "fri1", "periodisering"), "okand", "tolftedelar", "beslutad_budget"
    ),
    Case(
        "beslutad_budget",
        "E841",
        "manader_finns",
        ("beslutad_budget", "fri2", "periodisering"),
        lambda book: book.set(
            "beslutad_budget",
            "fri2",
            **{**book.rows["beslutad_budget"]["fri1"], "kod": "personal", "periodisering": "manuell"},
        ),
        _by_hand,
    ),
    Case(
        "periodbudget",
        "E842",
        "manader_hela",
        ("periodbudget", "fri2", "m01"),
        lambda book: _by_hand(book, m07=None),
        lambda book: _by_hand(book, m07=0),
    ),
    Case(
        "periodbudget",
        "E843",
        "summa_stammer",
        ("periodbudget", "fri2", "m01"),
        lambda book: _by_hand(book, m07=Decimal("0.00001")),
        lambda book: _by_hand(book, m01=400, m12=600),
    ),
    Case(
        "periodbudget",
        "E844",
        "rad_manuell",
        ("periodbudget", "fri2", "kod"),
        lambda book: _by_hand(book).set("beslutad_budget", "fri2", periodisering="tolftedelar"),
        _by_hand,
    ),
    *_register_sheet("anslagsforandringar", ("lopnummer", "enhet", "avser", "kod")),
    *_register_sheet("bokslut", ("enhet", "avser", "kod")),
    *[
        _uppgift(code, column, (table, "fri1", column), None, accepted, table)
        for table, code, column, accepted in (
            ("beslutad_budget", "E602", "belopp", 0),
            ("beslutad_budget", "E603", "organ", "KS"),
            ("beslutad_budget", "E604", "paragraf", "§ 1"),
            ("beslutad_budget", "E605", "beslutsdatum", "2025-11-01"),
            ("anslagsforandringar", "E610", "belopp", 0),
            ("anslagsforandringar", "E611", "organ", "KF"),
            ("anslagsforandringar", "E612", "paragraf", "§ 7"),
            ("anslagsforandringar", "E613", "beslutsdatum", "2026-03-30"),
            ("anslagsforandringar", "E616", "benamning", "Löneöversyn"),
            ("bokslut", "E620", "belopp", 0),
            ("bokslut", "E621", "kalla", "ÅR"),
        )
    ],
    _uppgift(
        "E614",
        "datum_rimligt",
        ("anslagsforandringar", "fri1", "beslutsdatum"),
        "2024-12-31",
        "2025-01-01",
        "anslagsforandringar",
    ),
    _uppgift(
        "E615", "budget_finns", ("anslagsforandringar", "fri1", "kod"), "personal", "intakter", "anslagsforandringar"
    ),
]
