"""Tables out of frames that a test has made or changed by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transforms.schemas import rows_of
from transforms.typed_rows import Frames


def framed(frames: Mapping[str, pd.DataFrame]) -> Frames:
    """The frames as the rule engine gets them: their own columns, dtypes and rows."""
    columns = {name: {str(column): str(dtype) for column, dtype in f.dtypes.items()} for name, f in frames.items()}
    return Frames(columns, {name: rows_of(frame) for name, frame in frames.items()})
