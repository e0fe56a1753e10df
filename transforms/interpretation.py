"""A converted return as canonical JSON and back, so that steps can pass a key to the store instead of frames."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from data_contracts.contract import Contract
from data_contracts.findings import Finding, Severity
from transforms.conversion import Converted, columns_of
from transforms.typed_rows import Frames


def to_json(converted: Converted) -> str:
    """Frames and findings as JSON with sorted keys; the same content always gives the same text."""
    frames = {name: converted.frames.rows(name) for name in converted.frames}
    findings = [asdict(finding) for finding in converted.findings]
    return json.dumps(
        {"frames": frames, "findings": findings}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def from_json(text: str, contract: Contract) -> Converted:
    """What ``to_json`` wrote, with the contract's dtypes; whole numbers stay whole and missing stays missing."""
    data = json.loads(text)
    findings = tuple(Finding(**{**item, "severity": Severity(item["severity"])}) for item in data["findings"])
    return Converted(Frames(columns_of(contract), data["frames"]), findings)


def rows_from_json(text: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of what ``to_json`` wrote, per table, without making frames of them."""
    frames: dict[str, list[dict[str, Any]]] = json.loads(text)["frames"]
    return frames
