"""The forms of the statements (uppställningsformer): rows in order, which rows a sum adds up, and where the form comes from.

The forms are data (``data_contracts/bokslut/former.yaml``), dated by the law that asks for them. A kommun adapts a form by its own
configuration (``Anpassning``): rows it has no use for, other names, rows of its own. ``adapters.form_files`` reads the YAML.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from data_contracts.modell import Kod, Modell, Namn


class Formrad(Modell):
    """One row of a form. A row with ``delar`` is their sum; a rubrik has no amounts; every other row is entered."""

    kod: Kod
    namn: Namn
    delar: tuple[Kod, ...] = ()
    rubrik: bool = False
    niva: int = Field(0, ge=0, le=3)
    stil: Literal["post", "summa", "total"] = "post"
    not_: Kod | None = Field(None, alias="not", description="Noten som specificerar raden.")

    @property
    def is_sum(self) -> bool:
        """True for a row that adds up others."""
        return bool(self.delar)


class Tillagg(Modell):
    """A row of the kommun's own: where it stands, and which sum it goes into (none when it is a varav of another row)."""

    kod: Kod
    namn: Namn
    efter: Kod = Field(description="Raden som den står efter.")
    ingar_i: Kod | None = Field(None, description="Summan som den ingår i; utelämnas när raden är ett varav.")
    niva: int = Field(0, ge=0, le=3)
    not_: Kod | None = Field(None, alias="not")


class Anpassning(Modell):
    """How a kommun uses a form."""

    utelamna: tuple[Kod, ...] = Field((), description="Rader som kommunen inte har.")
    namn: dict[Kod, Namn] = Field({}, description="Kommunens egna namn på formens rader.")
    noter: dict[Kod, Kod] = Field({}, description="Noten som hör till en rad.")
    tillagg: tuple[Tillagg, ...] = ()


class Form(Modell):
    """One statement's form, from the day that its law applies.

    Attributes:
        kod: the mått of its figures: resultatrakning, balansrakning, kassaflode, balanskrav.
        referens: law and recommendation, as printed in the list of requirements.
        teckenregel: the sign rule printed with the table.
    """

    kod: Kod
    namn: Namn
    galler_fran: dt.date
    referens: Namn
    teckenregel: Namn
    rader: Annotated[tuple[Formrad, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _connected(self) -> Form:
        koder = [rad.kod for rad in self.rader]
        for kod in koder:
            if koder.count(kod) > 1:
                raise ValueError(f"formen {self.kod}: raden {kod} finns två gånger")
        for rad in self.rader:
            for part in rad.delar:
                if part not in koder:
                    raise ValueError(f"formen {self.kod}: raden {rad.kod} summerar {part}, som inte finns")
        self.summation_order()
        return self

    def rad(self, kod: str) -> Formrad:
        """The row with that code; KeyError when there is none."""
        for rad in self.rader:
            if rad.kod == kod:
                return rad
        raise KeyError(kod)

    @property
    def poster(self) -> tuple[Formrad, ...]:
        """The entered rows."""
        return tuple(rad for rad in self.rader if not rad.is_sum and not rad.rubrik)

    def summation_order(self) -> tuple[Formrad, ...]:
        """Sum rows so that parts come before wholes. Raises ValueError for a ring."""
        done = {rad.kod for rad in self.rader if not rad.is_sum}
        left, ordered = [rad for rad in self.rader if rad.is_sum], []
        while left:
            ready = [rad for rad in left if set(rad.delar) <= done]
            if not ready:
                raise ValueError(f"formen {self.kod}: summorna {[rad.kod for rad in left]} går i ring")
            ordered.extend(ready)
            done |= {rad.kod for rad in ready}
            left = [rad for rad in left if rad not in ready]
        return tuple(ordered)


def adapt(form: Form, anpassning: Anpassning) -> Form:
    """The form as a kommun uses it.

    A sum that is left out gives its parts to the sums that it was in; one whose parts are all left out becomes an entered row.

    Raises:
        ValueError: the adaptation names a row that the form has not (Swedish, for E010).
    """
    known = {rad.kod for rad in form.rader} | {rad.kod for rad in anpassning.tillagg}
    _require(form, known, (*anpassning.utelamna, *anpassning.namn, *anpassning.noter))
    gone = {kod: form.rad(kod).delar for kod in anpassning.utelamna}
    rader = [rad.model_copy(update={"delar": _inlined(rad.delar, gone)}) for rad in form.rader if rad.kod not in gone]
    for own in anpassning.tillagg:
        _require(form, known, (own.efter, *((own.ingar_i,) if own.ingar_i else ())))
        place = next((place for place, rad in enumerate(rader) if rad.kod == own.efter), len(rader) - 1)
        rader.insert(place + 1, Formrad(kod=own.kod, namn=own.namn, niva=own.niva, **{"not": own.not_}))
        rader = [
            rad.model_copy(update={"delar": (*rad.delar, own.kod)}) if rad.kod == own.ingar_i else rad for rad in rader
        ]
    named = [
        rad.model_copy(
            update={"namn": anpassning.namn.get(rad.kod, rad.namn), "not_": anpassning.noter.get(rad.kod, rad.not_)}
        )
        for rad in rader
    ]
    rows = [rad.model_dump(by_alias=True) for rad in named]
    return Form.model_validate({**form.model_dump(by_alias=True), "rader": rows})


def _inlined(delar: tuple[str, ...], gone: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The parts of a sum, with what a left out sum was made of in its place."""
    parts: list[str] = []
    for kod in delar:
        parts.extend(_inlined(gone[kod], gone) if kod in gone else (kod,))
    return tuple(parts)


def _require(form: Form, known: set[str], named: Iterable[str]) -> None:
    strange = sorted(set(named) - known)
    if strange:
        raise ValueError(f"formen {form.kod} har ingen rad {strange[0]}; raderna är {', '.join(sorted(known))}")


def valid_form(former: Iterable[Form], kod: str, day: dt.date) -> Form:
    """The newest version of a form that applies on a day.

    Raises:
        KeyError: there is no such form, or none that old.
    """
    valid = [form for form in former if form.kod == kod and form.galler_fran <= day]
    if not valid:
        raise KeyError(f"{kod} {day}")
    return max(valid, key=lambda form: form.galler_fran)
