"""Two versions of a period's reports, or the reports of two months, held beside each other."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.store import MANAD, Closing, ReportRecord
from flows.steps.approve import slag_of, standing, view_of
from flows.steps.environment import environment_of
from flows.workplace import Workplace
from transforms.comparison import Jamforelse, Rapportjamforelse, Regelrad, Sida, compare, rule_rows
from transforms.environment import Miljo, differences
from transforms.period import Period
from transforms.view_types import Lage

_TEXT = (".yaml", ".yml", ".md", ".jinja", ".css", ".json", ".js")


class JamforelseFel(RuntimeError):
    """E988: there is nothing to compare. The message is Swedish."""


@dataclass(frozen=True, slots=True)
class Led:
    """One of the two sides of a comparison: a period's reports of a kind, in a version or (None) as they are now."""

    period: Period
    version: int | None = None
    slag: str = MANAD

    @property
    def namn(self) -> str:
        """'april 2026', or 'april 2026 version 2'."""
        return self.period.text if self.version is None else f"{self.period.text} version {self.version}"


def compare_editions(workplace: Workplace, before: Led, after: Led, kod: str | None) -> Jamforelse:
    """Every report that both have, or the one of a nämnd, and the rules of their closings.

    Raises:
        JamforelseFel: E988, they have no report in common.
        ObjektFel: E901, E902, a stored view is gone or changed.
    """
    old, new = _reports(workplace, before), _reports(workplace, after)
    common = [one for one in new if one in old and (kod is None or one.casefold() == kod.casefold())]
    if not common:
        raise JamforelseFel(
            f"E988 {before.namn.capitalize()} och {after.namn} har ingen rapport gemensam att jämföra. "
            f"Se vad som finns med: rodatraden kor-om {after.period}"
        )
    common.sort(key=workplace.kommun.plats)
    pairs = [(old[one], new[one]) for one in common]
    compared = tuple(_compared(workplace, before, after, pair) for pair in pairs)
    rules, note = _rules(workplace, *(workplace.store.closing(one.closing_id) for one in pairs[-1]))
    kommun = workplace.kommun
    return Jamforelse(
        kommun=kommun.namn,
        marke=kommun.marke,
        accentfarg=kommun.profil.accentfarg,
        fore=before.namn.capitalize(),
        efter=after.namn,
        rapporter=compared,
        regler=rules,
        anmarkning=note,
    )


def _reports(workplace: Workplace, edition: Led) -> dict[str, ReportRecord]:
    """The edition's månadsrapporter by kod: those of a version, or those of the period's last closing."""
    kommun, period = workplace.kommun.kod, str(edition.period)
    if edition.version is None:
        return {one.kod: one for one in workplace.store.reports_for(kommun, period, edition.slag)}
    own = [one for one in workplace.store.all_reports(kommun) if one.period == period]
    return {one.kod: one for one in own if one.version == edition.version and slag_of(one) == edition.slag}


def _compared(
    workplace: Workplace, before: Led, after: Led, pair: tuple[ReportRecord, ReportRecord]
) -> Rapportjamforelse:
    old, new = pair
    return compare(
        _side(workplace, old, before, after.period),
        _side(workplace, new, after, after.period),
    )


def _side(workplace: Workplace, record: ReportRecord, edition: Led, period: Period) -> Sida:
    """The report with the ids of its own month written as those of ``period``, so that the same figure has the same id."""
    lage = Lage(standing(workplace, record).tillstand.value, record.version, record.innehallshash)
    return Sida(edition.namn, view_of(workplace, record, own_period=str(period)), lage, str(period))


def _rules(workplace: Workplace, before: Closing, after: Closing) -> tuple[tuple[Regelrad, ...], str]:
    """The rules that differ, and what could not be told."""
    old, new = environment_of(workplace, before), environment_of(workplace, after)
    if old is None or new is None:
        return (), "En av stängningarna gjordes innan miljön sparades, så reglerna kan inte jämföras."
    changed = differences(old, new, "fil", "kod", "bibliotek", "system")
    texts = {
        one.namn: (_text(workplace, old, one.namn), _text(workplace, new, one.namn))
        for one in changed
        if one.slag == "fil" and one.namn.endswith(_TEXT)
    }
    return rule_rows(changed, texts), ""


def _text(workplace: Workplace, miljo: Miljo, place: str) -> str:
    sha256 = miljo.filer.get(place)
    return "" if sha256 is None else workplace.objects.get(sha256).decode("utf-8", "replace")
