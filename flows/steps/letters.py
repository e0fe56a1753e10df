"""The wording of what goes out with a report: tjänsteskrivelse and mails."""

from __future__ import annotations

from functools import cache

from ruamel.yaml import YAML

from flows.home import CHECKOUT
from transforms.wording import Wording


@cache
def load_letters() -> Wording:
    """The texts of ``report_templates/leverans.yaml``."""
    text = (CHECKOUT / "report_templates" / "leverans.yaml").read_text(encoding="utf-8")
    return Wording(dict(YAML(typ="safe", pure=True).load(text)))
