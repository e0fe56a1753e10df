"""The innehållshash: what is signed. Canonical JSON of the view, and the style it is shown in; never the state, version or clock."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from transforms.view_types import Rapport


def canonical_json(rapport: Rapport) -> str:
    """The view as JSON with sorted keys and no white space; the same view always gives the same text."""
    return json.dumps(rapport, default=_fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def innehallshash(canonical: str, style_hash: str) -> str:
    """sha256 over the view's ``canonical_json`` and the hash of templates, style and fonts."""
    return hashlib.sha256(f"{style_hash}\n{canonical}".encode()).hexdigest()


def _fields(part: Any) -> dict[str, Any]:
    """A part of a view by its fields, as ``asdict`` gives them but without copying."""
    kind: Any = type(part)
    return {name: getattr(part, name) for name in _names(kind)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The names of a kind's fields: there are few kinds and very many parts."""
    if not is_dataclass(kind):
        raise TypeError(f"a view holds {kind.__name__}, which has no place in JSON")
    return tuple(field.name for field in fields(kind))
