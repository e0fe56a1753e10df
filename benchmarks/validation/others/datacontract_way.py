"""datacontract-cli over each sheet. It reads no workbooks, so openpyxl turns each sheet into CSV first, in the time measured."""

import csv
import json
import sys
import tempfile
import time
from pathlib import Path

import yaml
from datacontract.data_contract import DataContract
from openpyxl import load_workbook


def contract_of(sheets: list, folder: str) -> str:
    """An Open Data Contract with the columns' types and which of them are required."""
    schema = [
        {
            "name": sheet["name"],
            "physicalName": sheet["name"],
            "physicalType": "table",
            "properties": [
                {"name": column["name"], "logicalType": column["kind"], "required": column["required"]}
                for column in sheet["columns"]
            ],
        }
        for sheet in sheets
    ]
    server = {"server": "lokal", "type": "local", "path": f"{folder}/{{model}}.csv", "format": "csv"}
    head = {"apiVersion": "v3.0.2", "kind": "DataContract", "id": "retur", "version": "1.0.0", "status": "active"}
    return yaml.safe_dump({**head, "servers": [server], "schema": schema})


def write_csv(path: Path, sheets: list, folder: Path) -> None:
    """Each sheet's key row and the rows below it that hold something."""
    book = load_workbook(path, read_only=True, data_only=True)
    for sheet in sheets:
        width, keys = len(sheet["columns"]), {column["name"]: at for at, column in enumerate(sheet["columns"])}
        with (folder / f"{sheet['name']}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(keys)
            for row in book[sheet["sheet"]].iter_rows(sheet["key_row"] + 1, values_only=True):
                if row[keys[sheet["key"][-1]]] is not None:
                    writer.writerow(row[:width])


def main(folder: str, plan: str, result: str) -> None:
    """Validate each workbook of the folder."""
    sheets = json.loads(Path(plan).read_text())
    files, broken = sorted(Path(folder).glob("*.xlsx")), 0
    began = time.monotonic()
    for path in files:
        with tempfile.TemporaryDirectory() as written:
            write_csv(path, sheets, Path(written))
            run = DataContract(data_contract_str=contract_of(sheets, written)).test()
            broken += sum(check.result not in ("passed", "info") for check in run.checks)
    Path(result).write_text(json.dumps({"seconds": time.monotonic() - began, "files": len(files), "broken": broken}))


if __name__ == "__main__":
    main(*sys.argv[1:])
