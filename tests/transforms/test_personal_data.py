"""Personnummer are known by their day and check digit, and by nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.personal_data import CONTACT, has_personnummer


@pytest.mark.parametrize(
    "text",
    ["121212-1212", "121212+1212", "20121212-1212", "1212121212", "201212121212", "Gäller 121212–1212.", "121272-1219"],
)
def test_a_personnummer_or_samordningsnummer_is_found_in_any_way_of_writing_it(text: str) -> None:
    assert has_personnummer(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "121212-1213", "121312-1212", "121232-1212", "121292-1217", "A121212-12123", "91121212-1212", "1 212 121 212 kr",
        "Dnr 2026-0412",
    ],
)  # fmt: skip
def test_other_numbers_are_not(text: str) -> None:
    assert not has_personnummer(text)


def test_the_pattern_of_addresses_and_numbers_is_the_contracts() -> None:
    contract = (Path(__file__).resolve().parents[2] / "data_contracts" / "manadsretur.odcs.yaml").read_text("utf-8")
    assert f"regex: '{CONTACT.pattern}'" in contract
