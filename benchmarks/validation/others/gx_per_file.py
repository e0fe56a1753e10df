"""One Great Expectations suite per sheet and file, the sheets read by pandas."""

import json
import logging
import sys
import time
from pathlib import Path

import great_expectations as gx
import pandas as pd
from great_expectations import expectations as gxe
from great_expectations.data_context.types.base import ProgressBarsConfig

LARGEST = 1e13


def suite_of(sheet: dict, number: int) -> gx.ExpectationSuite:
    """What the contract asks of the sheet's columns, one by one."""
    asked = [gxe.ExpectCompoundColumnsToBeUnique(column_list=sheet["key"])]
    for column in sheet["columns"]:
        if column["required"]:
            asked.append(gxe.ExpectColumnValuesToNotBeNull(column=column["name"]))
        if column["kind"] == "number":
            asked.append(
                gxe.ExpectColumnValuesToBeBetween(column=column["name"], min_value=-LARGEST, max_value=LARGEST)
            )
    return gx.ExpectationSuite(f"{sheet['name']} {number}", expectations=asked)


def main(folder: str, plan: str, result: str) -> None:
    """Validate each workbook of the folder."""
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    sheets = json.loads(Path(plan).read_text())
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    whole = context.data_sources.add_pandas("f").add_dataframe_asset("t").add_batch_definition_whole_dataframe("a")
    files, broken = sorted(Path(folder).glob("*.xlsx")), 0
    began = time.monotonic()
    for number, path in enumerate(files):
        for sheet in sheets:
            frame = pd.read_excel(
                path, sheet_name=sheet["sheet"], header=sheet["key_row"] - 1, dtype_backend="numpy_nullable"
            )
            frame = frame[frame[sheet["key"][-1]].notna()].reset_index(drop=True)
            answer = whole.get_batch({"dataframe": frame}).validate(suite_of(sheet, number), result_format="BASIC")
            broken += sum(not one.success for one in answer.results)
    Path(result).write_text(json.dumps({"seconds": time.monotonic() - began, "files": len(files), "broken": broken}))


if __name__ == "__main__":
    main(*sys.argv[1:])
