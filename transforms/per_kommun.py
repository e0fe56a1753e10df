"""What follows from a kommun's configuration alone, computed once however many returns ask for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from data_contracts.kommun import Kommun

Result = TypeVar("Result")
_LATEST = 4


class _Same:
    """A kommun as that object and no other: to compare all that it holds costs more than what is computed of it."""

    __slots__ = ("kommun",)

    def __init__(self, kommun: Kommun) -> None:
        self.kommun = kommun

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.kommun is self.kommun

    def __hash__(self) -> int:
        return id(self.kommun)


def once_per_kommun(function: Callable[[Kommun], Result]) -> Callable[[Kommun], Result]:
    """The function, computed once for each kommun object; the latest few results are kept, and must not be changed."""

    @lru_cache(maxsize=_LATEST)
    def kept(same: _Same) -> Result:
        return function(same.kommun)

    @wraps(function)
    def asked(kommun: Kommun) -> Result:
        return kept(_Same(kommun))

    return asked
