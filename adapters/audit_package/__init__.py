"""The script that checks the package for revisorerna with Python's standard library alone; it lies in the package beside the files.

Its source is parts in ``verify/``, one per subject, that import each other. In the package they are one file, ``verify.py``, joined here:
the parts' own text, line for line, below one list of imports.
"""

from __future__ import annotations

import ast
from pathlib import Path

PARTS = (
    "basics",
    "log",
    "workbooks",
    "ledgers",
    "formulas",
    "figures",
    "signatures",
    "promised",
    "printed",
    "main",
)
"""The parts in the order that they stand in the file; each uses only those above it when it is read in."""
_FOLDER = Path(__file__).parent / "verify"
_OURS = "adapters."


def verifier() -> bytes:
    """``verify.py``, as it lies in the package."""
    head = (_FOLDER / "__init__.py").read_text(encoding="utf-8").rstrip()
    plain: set[str] = set()
    named: dict[str, set[str]] = {}
    bodies: list[str] = []
    for part in PARTS:
        source = (_FOLDER / f"{part}.py").read_text(encoding="utf-8")
        tree = ast.parse(source)
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        for node in imports:
            if isinstance(node, ast.Import):
                plain.add(ast.unparse(node))
            elif node.module and not node.module.startswith(_OURS):
                named.setdefault(node.module, set()).update(one.name for one in node.names)
        body = "\n".join(source.splitlines()[max(node.end_lineno or 0 for node in imports) :]).strip()
        bodies.append(f"# {ast.get_docstring(tree)}\n\n{body}")
    future = f"from __future__ import {', '.join(named.pop('__future__'))}"
    listed = [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(named.items())]
    above = "\n".join([head, "", future, "", *sorted(plain), *listed])
    return ("\n\n\n".join([above, *bodies]) + "\n").encode("utf-8")
