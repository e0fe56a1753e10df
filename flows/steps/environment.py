"""What a closing is made with is kept beside it: configuration, contracts and templates as objects, code and libraries by name."""

from __future__ import annotations

import hashlib

from adapters.environment import code_hashes, data_files, library_versions, system_versions
from adapters.kommun_config import configuration_files
from adapters.objects import ObjektFel
from adapters.rendering import style_hash
from adapters.store import Closing
from flows.home import CHECKOUT
from flows.workplace import Workplace
from transforms.environment import KONFIGURATION, Miljo
from transforms.period import Period


def keep_environment(workplace: Workplace, period: Period) -> str:
    """The present environment among the objects, with every file that it names; its sha256."""
    return workplace.objects.put(environment_now(workplace, period).to_json().encode())


def environment_now(workplace: Workplace, period: Period) -> Miljo:
    """The present environment; the files that it names are kept among the objects."""
    own = home_files(workplace, period)
    return Miljo(
        filer=_kept(workplace, (*own, *data_files(CHECKOUT))),
        kod=code_hashes(CHECKOUT),
        bibliotek=library_versions(CHECKOUT),
        system=system_versions(),
        stil=style_hash(),
    )


def _kept(workplace: Workplace, files: tuple[tuple[str, bytes], ...]) -> dict[str, str]:
    """The files among the objects: sha256 by place. What is there already is left alone, unread."""
    kept: dict[str, str] = {}
    for place, content in files:
        sha256 = hashlib.sha256(content).hexdigest()
        if not workplace.objects.exists(sha256):
            workplace.objects.put(content)
        kept[place] = sha256
    return kept


def home_files(workplace: Workplace, period: Period) -> tuple[tuple[str, bytes], ...]:
    """The kommun's own files that a closing of the period reads, by place under ``hem/``."""
    hem = workplace.hem
    texts = hem.texter(str(period))
    files = [*configuration_files(hem.kommun_yaml), hem.rattelser(period.year)]
    files += sorted(texts.iterdir()) if texts.is_dir() else ()
    files += [hem.prognoshistorik] if hem.prognoshistorik is not None else []
    return tuple(
        (f"{KONFIGURATION}{path.relative_to(hem.path).as_posix()}", path.read_bytes())
        for path in files
        if path.is_file() and path.is_relative_to(hem.path)
    )


def environment_of(workplace: Workplace, closing: Closing) -> Miljo | None:
    """The environment that a closing was made in; None for one that is older than the keeping of them."""
    return Miljo.from_json(workplace.objects.get(closing.miljo).decode()) if closing.miljo else None


def kept_files(workplace: Workplace, closing: Closing) -> dict[str, str]:
    """What each file of a closing's environment is, by sha256; none when the list of them can't be read, which is told by its own name."""
    try:
        kept = environment_of(workplace, closing)
    except ObjektFel:
        return {}
    return {} if kept is None else {sha256: f"{place} ({closing.period})" for place, sha256 in kept.filer.items()}
