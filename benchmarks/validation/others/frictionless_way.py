"""frictionless over each sheet, by a schema with the columns' types and which of them are required."""

import json
import sys
import time
from pathlib import Path

from frictionless import Dialect, Field, Resource, Schema, system
from frictionless.formats import ExcelControl


def resource_of(path: Path, sheet: dict) -> Resource:
    """One sheet of a workbook, its rows after the key row."""
    fields = [
        Field.from_descriptor(
            {"name": column["name"], "type": column["kind"], "constraints": {"required": column["required"]}}
        )
        for column in sheet["columns"]
    ]
    dialect = Dialect(header_rows=[sheet["key_row"]], controls=[ExcelControl(sheet=sheet["sheet"])])
    return Resource(path=path.name, basepath=str(path.parent), dialect=dialect, schema=Schema(fields=fields))


def main(folder: str, plan: str, result: str) -> None:
    """Validate each workbook of the folder."""
    sheets = json.loads(Path(plan).read_text())
    files, broken = sorted(Path(folder).glob("*.xlsx")), 0
    began = time.monotonic()
    with system.use_context(trusted=True):
        for path in files:
            for sheet in sheets:
                report = resource_of(path, sheet).validate(limit_errors=10_000)
                broken += report.stats["errors"]
    Path(result).write_text(json.dumps({"seconds": time.monotonic() - began, "files": len(files), "broken": broken}))


if __name__ == "__main__":
    main(*sys.argv[1:])
