"""Every mistake in kommun.yaml is told with file, line and field, in Swedish, and all of them at once."""

import json
from pathlib import Path

import pytest

from adapters.kommun_config import (
    _PATTERNS,
    KonfigurationsFel,
    blankett_schema_text,
    json_schema_text,
    load_kommun,
)
from data_contracts.behorighet import Behorighet
from data_contracts.kommun import Finansiering, Kommun
from flows.home import Installningar

KOMMUNER = Path(__file__).parents[2] / "kommuner"

HEL = """\
schema_version: 1
kod: provby
namn: Provby kommun
kommunkod: "0199"
enheter:
  - kod: TEN
    namn: Teknik
    finansiering: skattefinansierad
    drift: nettokostnad
  - kod: VA
    namn: Vatten och avlopp
    finansiering: avgiftsfinansierad
    drift: nettokostnad
namnder:
  - kod: TN
    namn: Tekniska nämnden
    enheter: [TEN, VA]
forvaltningar:
  - kod: TF
    namn: Tekniska förvaltningen
    enheter: [TEN, VA]
    avsandare:
      - roll: controller
        adress: teknik@example.org
uppstallningar:
  - kod: nettokostnad
    namn: Nettokostnad
    resultatrad: netto
    rader:
      - {kod: intakter, namn: Intäkter, typ: intakt}
      - {kod: kostnader, namn: Kostnader, typ: kostnad}
      - {kod: netto, namn: Nettokostnad, typ: summa, delar: [intakter, kostnader]}
granser:
  - giltig_fran: 2026-01-01
    avser: drift
    belopp_tkr: 500
    referens: KF 2025-11-26 § 200
kalender:
  retur_senast_arbetsdag: 7
  stangning_dag: 15
  stangning_tid: "06:00"
"""


def write(tmp_path, text):
    path = tmp_path / "kommun.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(tmp_path, *changes):
    text = HEL
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    with pytest.raises(KonfigurationsFel) as caught:
        load_kommun(write(tmp_path, text))
    return [str(problem) for problem in caught.value.problem]


def test_a_right_file_gives_the_kommun(tmp_path):
    kommun = load_kommun(write(tmp_path, HEL))
    assert isinstance(kommun, Kommun)
    assert kommun.kommunkod == "0199"
    assert kommun.enhet("VA").finansiering is Finansiering.AVGIFT


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("finansiering: skattefinansierad", "finansiering: skat",
         'kommun.yaml, rad 8, enheter[1].finansiering: "skat" är inte tillåtet. '
         "Välj skattefinansierad, avgiftsfinansierad eller finansieringen."),
        ("avser: drift", "avser: driften",
         'kommun.yaml, rad 35, granser[1].avser: "driften" är inte tillåtet. Välj drift, investeringar eller volymer.'),
        ("schema_version: 1", "schema_version: 2", 'kommun.yaml, rad 1, schema_version: "2" är inte tillåtet. Välj 1.'),
        ("    namn: Vatten och avlopp\n", "", "kommun.yaml, rad 10, enheter[2].namn: Fältet saknas. Lägg till det."),
        ("namn: Teknik\n", "namm: Teknik\n    namn: Teknik\n",
         "kommun.yaml, rad 7, enheter[1].namm: Fältet är okänt. Ta bort det eller rätta stavningen."),
        ('kommunkod: "0199"', "kommunkod: 0199", 'kommun.yaml, rad 4, kommunkod: "199" ska vara text. Sätt värdet inom citattecken.'),
        ('kommunkod: "0199"', 'kommunkod: "199"',
         'kommun.yaml, rad 4, kommunkod: "199" har fel form. Skriv fyra siffror inom citattecken, till exempel "1489".'),
        ("kod: TEN\n", "kod: TEKNIK OCH MILJÖ\n",
         'kommun.yaml, rad 6, enheter[1].kod: "TEKNIK OCH MILJÖ" har fel form. '
         "En kod har 1–40 tecken: a–z utan å, ä, ö, siffror, punkt, bindestreck och understreck."),
        ("adress: teknik@example.org", "adress: teknik",
         'kommun.yaml, rad 24, forvaltningar[1].avsandare[1].adress: "teknik" har fel form. '
         "Skriv en e-postadress, till exempel ekonomi@example.org."),
        ('stangning_tid: "06:00"', "stangning_tid: 6:00",
         'kommun.yaml, rad 41, kalender.stangning_tid: "6:00" har fel form. '
         'Ett klockslag skrivs inom citattecken med två siffror, kolon och två siffror, till exempel "06:00".'),
        ("belopp_tkr: 500", "belopp_tkr: 500 tkr",
         'kommun.yaml, rad 36, granser[1].belopp_tkr: "500 tkr" är inte ett heltal. '
         "Skriv bara siffror, utan mellanslag, decimaler och enhet."),
        ("belopp_tkr: 500", "belopp_tkr: 500.5",
         'kommun.yaml, rad 36, granser[1].belopp_tkr: "500.5" är inte ett heltal. '
         "Skriv bara siffror, utan mellanslag, decimaler och enhet."),
        ("belopp_tkr: 500", "belopp_tkr: -500",
         'kommun.yaml, rad 36, granser[1].belopp_tkr: "-500" är utanför det tillåtna: minst 0. Rätta värdet.'),
        ("stangning_dag: 15", "stangning_dag: 31",
         'kommun.yaml, rad 40, kalender.stangning_dag: "31" är utanför det tillåtna: högst 28. Rätta värdet.'),
        ("giltig_fran: 2026-01-01", "giltig_fran: januari",
         'kommun.yaml, rad 34, granser[1].giltig_fran: "januari" är inget datum. Skriv år, månad och dag: 2026-01-31.'),
        ("namn: Provby kommun", 'namn: ""',
         "kommun.yaml, rad 3, namn: Fältet är tomt. Fyll i det."),
        ("namn: Provby kommun", "namn: " + "x" * 201,
         "kommun.yaml, rad 3, namn: Texten är för lång: högst 200 tecken får plats. Korta den."),
        ("namn: Provby kommun", "namn:", "kommun.yaml, rad 3, namn: Ett tomt värde ska vara text. Sätt värdet inom citattecken."),
        ("    enheter: [TEN, VA]\nforvaltningar", "    enheter: TEN\nforvaltningar",
         'kommun.yaml, rad 17, namnder[1].enheter: "TEN" ska vara en lista. '
         "Skriv varje post på en egen rad som börjar med bindestreck."),
        ("    enheter: [TEN, VA]\nforvaltningar", "    enheter: []\nforvaltningar",
         "kommun.yaml, rad 17, namnder[1].enheter: Listan är för kort: minst 1 krävs. Fyll på den."),
        ("namnder:\n", "namnder:\n  - Tekniska nämnden\n",
         'kommun.yaml, rad 15, namnder[1]: "Tekniska nämnden" ska vara fält med värden. Skriv ”fält: värde” på rader med indrag.'),
        ("namnder:\n", "profil: blå\nnamnder:\n",
         'kommun.yaml, rad 14, profil: "blå" ska vara fält med värden. Skriv ”fält: värde” på rader med indrag.'),
        ("namnder:\n", 'profil: {accentfarg: "blå"}\nnamnder:\n',
         'kommun.yaml, rad 14, profil.accentfarg: "blå" har fel form. '
         'En färg skrivs med # och sex tecken inom citattecken, till exempel "#1f4e79".'),
        ("    namn: Tekniska nämnden\n", "    namn: Tekniska nämnden\n    har_rapport: kanske\n",
         'kommun.yaml, rad 17, namnder[1].har_rapport: "kanske" är varken true eller false. Skriv ett av dem.'),
        ("resultatrad: netto", "resultatrad: nettot",
         "kommun.yaml, rad 26, uppstallningar[1]: Uppställning nettokostnad: resultatraden nettot finns inte. Rätta uppgifterna här."),
        ("typ: intakt}", "typ: intakt, delar: [kostnader]}",
         "kommun.yaml, rad 30, uppstallningar[1].rader[1]: Rad intakter: delar ska finnas på summarader och bara där. "
         "Rätta uppgifterna här."),
        ("drift: nettokostnad\n  - kod: VA", "drift: resultat\n  - kod: VA",
         "kommun.yaml, rad 9, enheter[1].drift: Enheten TEN använder uppställningen resultat, som inte finns. "
         "Rätta koden här eller där den används."),
        ("kod: VA\n", "kod: TEN\n",
         "kommun.yaml, rad 10, enheter[2].kod: Enheten TEN finns två gånger. Rätta koden här eller där den används."),
        ("namn: Provby kommun", "namn: Provby kommun\nnamn: Provby",
         "kommun.yaml, rad 4, namn: Fältet finns redan på rad 3. Ta bort det ena."),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_line_and_field(tmp_path, old, new, expected):
    assert expected in problems(tmp_path, (old, new))


def test_an_enhet_in_two_namnder_is_refused(tmp_path):
    second = "  - kod: MN\n    namn: Miljönämnden\n    enheter: [VA]\nforvaltningar"
    assert problems(tmp_path, ("forvaltningar", second)) == [
        "kommun.yaml, rad 10, enheter[2].kod: Enheten VA ska höra till exakt en nämnd, hör till 2. "
        "Rätta koden här eller där den används."
    ]


def test_an_enhet_that_no_forvaltning_returns_and_one_that_is_not_there_are_refused(tmp_path):
    assert problems(tmp_path, ("enheter: [TEN, VA]\n    avsandare", "enheter: [TEN, EL]\n    avsandare")) == [
        "kommun.yaml, rad 10, enheter[2].kod: Enheten VA ska höra till exakt en förvaltning, hör till 0. "
        "Rätta koden här eller där den används.",
        "kommun.yaml, rad 21, forvaltningar[1].enheter[2]: En förvaltning nämner enheten EL, som inte finns. "
        "Rätta koden här eller där den används.",
    ]


def test_all_mistakes_come_at_once_in_the_order_of_the_file(tmp_path):
    found = problems(
        tmp_path,
        ("namn: Provby kommun", "namn: Provby kommun\nnamn: Provby"),
        ("finansiering: skattefinansierad", "finansiering: skat"),
        ("stangning_dag: 15", "stangning_dag: 31"),
    )
    assert [text.split(":")[0] for text in found] == [
        "kommun.yaml, rad 4, namn",
        "kommun.yaml, rad 9, enheter[1].finansiering",
        "kommun.yaml, rad 41, kalender.stangning_dag",
    ]


def test_the_error_itself_prints_every_problem_with_its_code(tmp_path):
    with pytest.raises(KonfigurationsFel) as caught:
        load_kommun(write(tmp_path, HEL.replace("stangning_dag: 15", "stangning_dag: 31").replace("kod: provby\n", "")))
    lines = str(caught.value).splitlines()
    assert len(lines) == 2
    assert all(line.startswith("E010 kommun.yaml, rad ") for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "kommun.yaml: Filen är tom."),
        ("a: [1, 2\nb: 3\n", "kommun.yaml, rad 2: Filen går inte att läsa som YAML ("),
        ("a: 1\n\tb: 2\n", "kommun.yaml, rad 2: Filen går inte att läsa som YAML ("),
        ("a: &x 1\nb: *y\n", "kommun.yaml, rad 2: Filen går inte att läsa som YAML ("),
        ("a: \x01\n", "kommun.yaml: Filen går inte att läsa som YAML ("),
        ("a: !!python/object:os.system {}\n", "kommun.yaml, rad 1: Filen går inte att läsa som YAML ("),
        ("bara text\n", 'kommun.yaml, rad 1: "bara text" ska vara fält med värden.'),
    ],
)
def test_a_file_that_is_no_configuration_says_so(tmp_path, text, expected):
    with pytest.raises(KonfigurationsFel) as caught:
        load_kommun(write(tmp_path, text))
    assert [str(problem)[: len(expected)] for problem in caught.value.problem] == [expected]


def test_a_missing_file_and_one_in_another_encoding_say_what_to_do(tmp_path):
    with pytest.raises(KonfigurationsFel, match=r"E010 kommun.yaml: Filen finns inte .*Ange kommunens mapp"):
        load_kommun(tmp_path / "kommun.yaml")
    (tmp_path / "kommun.yaml").write_bytes(HEL.encode("latin-1", "replace"))
    with pytest.raises(KonfigurationsFel, match="Spara om den med teckenkodningen UTF-8"):
        load_kommun(tmp_path / "kommun.yaml")


def test_the_schema_for_editors_is_up_to_date():
    committed = (KOMMUNER / "kommun.schema.json").read_text(encoding="utf-8")
    assert committed == json_schema_text(), (
        "skriv om kommuner/kommun.schema.json med adapters.kommun_config.json_schema_text()"
    )


def test_every_pattern_of_the_model_is_explained_in_words():
    def patterns(part):
        if isinstance(part, dict):
            yield from [part["pattern"]] if isinstance(part.get("pattern"), str) else []
        for child in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            yield from patterns(child)

    schemas = [json.loads(json_schema_text()), json.loads(blankett_schema_text())]
    schemas += [Installningar.model_json_schema(), Behorighet.model_json_schema()]
    assert {pattern for schema in schemas for pattern in patterns(schema)} == set(_PATTERNS)


def committed_files():
    return sorted(KOMMUNER.glob("*/kommun.yaml"))


@pytest.mark.parametrize("path", committed_files(), ids=lambda path: path.parent.name)
def test_the_committed_kommuner_are_right_and_point_to_the_schema(path):
    assert "# yaml-language-server: $schema=../kommun.schema.json" in path.read_text(encoding="utf-8").splitlines()
    assert load_kommun(path).kod == path.parent.name
