"""The reading process: ``python -m adapters.workbook_reader LINE MEMORY SECONDS ANSWER``, started by ``child.py`` alone."""

from __future__ import annotations

import sys
from multiprocessing.connection import Connection

from adapters.workbook_reader.child import serve

if __name__ == "__main__":
    line, *limits = (int(argument) for argument in sys.argv[1:])
    serve(Connection(line), *limits)
