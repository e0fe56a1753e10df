"""What the verksamheter write on the return's sheet Texter, in the nämnder's sections; and text files that can't be used are told."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl

from adapters.contract_files import load_felkoder
from adapters.written_text import read_written_text
from data_contracts.bokslutsinstallning import Textavsnitt
from flows.home import open_home
from flows.steps.books import written_texts
from flows.steps.example import filled_returns
from flows.workplace import open_workplace
from tests.closings import MARS, Closed, copy_home, facts_of, figures_only, time_of
from tests.ledger_examples import lingonby
from transforms.returned_texts import returned_texts

AVSNITT = (Textavsnitt(kod="handelser", namn="Viktiga händelser"), Textavsnitt(kod="framtid", namn="Framtid"))


def written(content: bytes, texts: dict[tuple[str, str], str]) -> bytes:
    """The return with texts on its sheet Texter, by enhet and section."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Texter"]
    columns = {cell.value: cell.column for cell in sheet[6] if cell.value}
    for line in range(7, sheet.max_row + 1):
        key = (sheet.cell(line, columns["enhet"]).value, sheet.cell(line, columns["kod"]).value)
        if key in texts:
            sheet.cell(line, columns["text"]).value = texts[key]
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


def test_texts_of_a_return_stand_in_the_nämnds_section_until_there_is_a_file(
    lingonby_mars: Closed, tmp_path: Path
) -> None:
    path = copy_home(lingonby_mars.hem, tmp_path / "hem").path
    own = "  texter:\n    - {kod: handelser, namn: Viktiga händelser}\n    - {kod: framtid, namn: Framtid}\n"
    text = (path / "kommun.yaml").read_text(encoding="utf-8")
    (path / "kommun.yaml").write_text(text.replace("bokslut:\n", f"bokslut:\n{own}", 1), encoding="utf-8")
    hem = open_home(path)
    with open_workplace(hem) as workplace:
        ((_, content),) = filled_returns(workplace, facts_of("lingonby", "2026-03"), ["SBF"])
        said = {
            ("SBN", "handelser"): "Bron är klar.\n\n- Den är ny.\n- Den håller.",
            ("VA", "framtid"): "Ett nytt **vattenverk**.",
        }
        (Path(hem.inkorg) / "retur-sbf-med-texter.xlsx").write_bytes(written(content, said))
    figures_only(hem, MARS, time_of(MARS, 17))
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
