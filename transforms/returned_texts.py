"""The texts of the returns' sheet Texter as the nämnder's sections: Markdown, which goes the same way into a report as a text file does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data_contracts.bokslutsinstallning import Textavsnitt
from data_contracts.kommun import Kommun, Namnd

TEXTER = "texter"

Texts = Mapping[tuple[str, str], str]
"""What the returns say, by enhet and section of the sheet."""


def namnd_section_id(namnd: Namnd) -> str:
    """The id of a nämnd's section, which its text file is named by too."""
    return f"namnd-{namnd.kod.lower()}"


def returned_texts(texts: Texts, kommun: Kommun, avsnitt: Sequence[Textavsnitt]) -> dict[str, str]:
    """Per nämnd that any of its enheter has written for, by section id: the sections in the kommun's order under headings of their own,
    in each the enheter in their order, named in bold where the nämnd has several. A nämnd without text has no entry.
    """
    made = {namnd_section_id(namnd): _of_namnd(texts, kommun, namnd, avsnitt) for namnd in kommun.namnder}
    return {section: text for section, text in made.items() if text}


def _of_namnd(texts: Texts, kommun: Kommun, namnd: Namnd, avsnitt: Sequence[Textavsnitt]) -> str:
    parts: list[str] = []
    for part in avsnitt:
        said = [(kod, text) for kod in namnd.enheter if (text := texts.get((kod, part.kod), "").strip())]
        if said:
            parts.append(f"#### {part.namn}")
        for kod, text in said:
            parts += [f"**{kommun.enhet(kod).namn}**"] if len(namnd.enheter) > 1 else []
            parts.append(text)
    return "\n\n".join(parts)
