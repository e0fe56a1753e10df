"""What a receipt says: verdict, counts, steps and dates."""

import pytest

from data_contracts.findings import Finding, Severity
from tests.kommun_example import example_kommun
from transforms.period import Period
from transforms.receipt import Frist, Received, build_receipt, needs_correction, one_line

FINDINGS = {severity: Finding("E201", severity, "Fel.", "Rätta.", sheet="Drift", cell="F9") for severity in Severity}


def built(*severities, accepted=True, version=1, book="", frist=Frist("2026-05-12 kl. 12.00")):  # noqa: B008 - frozen
    received = Received("r.xlsx", "a" * 64, "Tekniska", accepted, "TEK", Period(2026, 4), version)
    return build_receipt(received, [FINDINGS[s] for s in severities], example_kommun(), {}, frist, book)


@pytest.mark.parametrize(
    ("severities", "accepted", "version", "besked", "text"),
    [
        ((), True, 1, "Godkänd", "Returen är godkänd."),
        ((), True, 0, "Godkänd", "Returen skulle godkännas."),
        ((Severity.NOTERING,), True, 1, "Godkänd", "Returen är godkänd."),
        ((Severity.FORKLARAS,), True, 1, "Godkänd, ska förklaras", "Returen är godkänd, men något ska förklaras."),
        ((Severity.STOPPAR,), False, 1, "Stoppad", "Returen är stoppad och räknas inte."),
        ((Severity.STOPPAR,), False, 0, "Stoppad", "Returen skulle stoppas."),
        ((), False, 1, "Stoppad", "Returen är stoppad och räknas inte."),
    ],
)
def test_the_verdict_in_words(severities, accepted, version, besked, text):
    kvittens = built(*severities, accepted=accepted, version=version)
    assert (kvittens.besked, kvittens.besked_text) == (besked, text)


def test_the_counts_are_in_words():
    assert built().ingress == "Inga fynd."
    assert built(Severity.STOPPAR, Severity.NOTERING, accepted=False).ingress == "1 stoppar, 1 notering."
    assert built(*[Severity.NOTERING] * 2).ingress == "2 noteringar."


def test_the_steps_name_the_rattelsebok_and_the_day():
    steps = built(Severity.STOPPAR, accepted=False, book="bok.xlsx").steg
    assert steps[0].startswith("Öppna rättelseboken bok.xlsx.")
    assert steps[-1] == "Spara och skicka in rättelseboken senast 2026-05-12 kl. 12.00."
    late = built(Severity.STOPPAR, accepted=False, frist=Frist("2026-05-12 kl. 12.00", passerad=True)).steg
    assert late[-1] == "Spara och skicka in filen så snart ni kan. Sista dag var 2026-05-12 kl. 12.00."
    assert (
        built(Severity.STOPPAR, accepted=False, frist=Frist("")).steg[-1]
        == "Spara och skicka in filen så snart ni kan."
    )
    assert built(Severity.NOTERING).steg == ("Inget mer behöver göras.",)


@pytest.mark.parametrize(("severity", "needed"), [*zip(Severity, (True, True, False), strict=True)])
def test_a_rattelsebok_is_called_for_when_something_stops_or_must_be_explained(severity, needed):
    assert needs_correction([FINDINGS[severity]]) is needed


def test_text_of_a_cell_stands_on_one_line_and_is_not_endless():
    assert one_line("a\r\nb\tc\x1b[31m") == "a b c\ufffd[31m"
    assert len(one_line("x" * 5000)) == 160
