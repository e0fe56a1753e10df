"""What the verksamheter write on the return's sheet Texter, in the nämnder's sections; and text files that can't be used are told."""

from __future__ import annotations

from pathlib import Path

from adapters.contract_files import load_felkoder
from adapters.workbook_fill import fill_template
from adapters.written_text import read_written_text
from data_contracts.bokslutsinstallning import Textavsnitt
from flows.home import open_home
from flows.steps.books import written_texts
from flows.steps.collect import collect
from flows.steps.example import filled_register
from flows.steps.template import uncommented_template
from flows.workplace import Workplace, open_workplace
from tests.closings import MARS, facts_of, figures_only, new_home, time_of
from tests.ledger_examples import lingonby
from transforms.fact_values import own_comments, retur_values
from transforms.returned_texts import returned_texts

AVSNITT = (Textavsnitt(kod="handelser", namn="Viktiga händelser"), Textavsnitt(kod="framtid", namn="Framtid"))


def written(workplace: Workplace, texts: dict[tuple[str, str], str]) -> bytes:
    """SBF's return of March with texts on its sheet Texter, by enhet and section."""
    facts, kommun = facts_of("lingonby", "2026-03"), workplace.kommun.for_year(MARS.year)
    values = {**retur_values(facts, kommun, "SBF")}
    values |= {("texter", f"{enhet}|{kod}", "text"): text for (enhet, kod), text in texts.items()}
    template = uncommented_template(workplace, "SBF", MARS)
    return fill_template(template, workplace.manadsretur, kommun, values, own_comments(facts, kommun, "SBF"))


def test_texts_of_a_return_stand_in_the_nämnds_section_until_there_is_a_file(
    tmp_path: Path,
) -> None:
    path, now = new_home(tmp_path / "hem", "lingonby").path, time_of(MARS, 15)
    own = "  texter:\n    - {kod: handelser, namn: Viktiga händelser}\n    - {kod: framtid, namn: Framtid}\n"
    text = (path / "kommun.yaml").read_text(encoding="utf-8")
    (path / "kommun.yaml").write_text(text.replace("bokslut:\n", f"bokslut:\n{own}", 1), encoding="utf-8")
    hem = open_home(path)
    with open_workplace(hem) as workplace:
        (Path(hem.inkorg) / "register.xlsx").write_bytes(filled_register(workplace, facts_of("lingonby", "2026-03")))
        collect(workplace, MARS, now)
        said = {
            ("SBN", "handelser"): "Bron är klar.\n\n- Den är ny.\n- Den håller.",
            ("VA", "framtid"): "Ett nytt **vattenverk**.",
        }
        (Path(hem.inkorg) / "retur-sbf-med-texter.xlsx").write_bytes(written(workplace, said))
    figures_only(hem, MARS, now)
    with open_workplace(hem) as workplace:
        texts, findings = written_texts(workplace, MARS, "delarsrapport")
        assert findings == ()
        assert set(texts) == {"namnd-sbn"}
        assert [block.text for block in texts["namnd-sbn"].block] == [
            "Viktiga händelser", "Samhällsbyggnad", "Bron är klar.", "Den är ny.", "Den håller.",
            "Framtid", "Vatten och avlopp", "Ett nytt vattenverk.",
        ]  # fmt: skip
        hem.texter(str(MARS)).mkdir(parents=True)
        (hem.texter(str(MARS)) / "namnd-sbn.md").write_text("Kommunens egen text.", encoding="utf-8")
        (hem.texter(str(MARS)) / "handelsr.md").write_text("Fel namn.", encoding="utf-8")
        texts, findings = written_texts(workplace, MARS, "delarsrapport")
        assert texts["namnd-sbn"].text.strip() == "Kommunens egen text."
        assert [finding.code for finding in findings] == ["E886"]


def test_sections_stand_in_the_kommuns_order_and_enheter_are_named_where_there_are_several() -> None:
    said = {
        ("BUN", "framtid"): "Fler elever.",
        ("BUN", "handelser"): "Ny skola.",
        ("MAL", "handelser"): " ",
        ("OMS", "okant"): "x",
    }
    made = returned_texts(said, lingonby(), AVSNITT)
    assert set(made) == {"namnd-bun"}
    assert made["namnd-bun"].split("\n\n") == [
        "#### Viktiga händelser", "**Barn och utbildning**", "Ny skola.",
        "#### Framtid", "**Barn och utbildning**", "Fler elever.",
    ]  # fmt: skip
    text, found = read_written_text(made["namnd-bun"].encode(), "namnd-bun.md", {"namnd-bun"}, load_felkoder())
    assert found == ()
    assert text is not None
