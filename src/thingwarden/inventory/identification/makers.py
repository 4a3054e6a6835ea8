"""Company names as they are written -> makers as people call them."""

import re
from dataclasses import dataclass
from functools import cache

from thingwarden.inventory.identification.normal import plain
from thingwarden.inventory.vendors import read_knowledge

LEGAL_FORMS = re.compile(
    r"\b(inc|incorporated|corp|corporation|co|company|ltd|limited|llc|gmbh|ag|kg|bv|b\.v|nv|n\.v|"
    r"sa|s\.a|sas|srl|s\.r\.l|spa|s\.p\.a|oy|ab|as|a/s|aps|plc|pty|pte|kk|k\.k|lp|intl|"
    r"international|holdings?|group|technolog(?:y|ies)|electronics?|co\.,ltd)\b\.?"
)
"""Parts of a company's name that do not tell it from others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Who makes or sells things."""

    name: str
    role: str
    """`brand`: things with its prefix are its own; `module`: its parts are in things of others;
    `general`: makes computers, phones or network devices; `platform`: a cloud or system of many."""
    words: tuple[str, ...] = ()
    """Words by which its names and domains are recognised."""
    owner: str = ""
    """Whose prefixes its things may have, too: a brand that was bought, or has its things made."""


def find_maker(name: str) -> Maker | None:
    """The maker that is written `name`; None if it is not among those that we know."""
    known = _makers()
    for key in (plain(name), short_name(name)):
        if key in known:
            return known[key]
    return None


def canonical(name: str) -> str:
    """`name` as we write it: "tp-link technologies" becomes "TP-Link"; others stay as they are."""
    maker = find_maker(name)
    return maker.name if maker else " ".join(name.split())


def short_name(name: str) -> str:
    """A company's name without its legal form and punctuation, lower case."""
    return " ".join(re.sub(r"[^\w&+.-]+", " ", LEGAL_FORMS.sub(" ", plain(name))).split(" ")).strip(
        " .,-"
    )


@cache
def _makers() -> dict[str, Maker]:
    """Makers by their names and aliases, as `plain` and as `short_name` write them."""
    found: dict[str, Maker] = {}
    for row in read_knowledge("identity_makers").to_pylist():
        maker = Maker(
            name=row["maker"],
            role=row["role"],
            words=tuple(row["words"] or ()),
            owner=row.get("owner") or "",
        )
        for alias in (row["maker"], *(row["aliases"] or ())):
            found.setdefault(plain(alias), maker)
            found.setdefault(short_name(alias), maker)
    found.pop("", None)
    return found
