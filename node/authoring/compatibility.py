"""Whether a text made from another may be published under a licence: what the original's licence asks of adaptations.

Sources: Creative Commons, "Wiki/cc license compatibility" and the ShareAlike compatible licences page (BY-SA 4.0 → GPL
3.0, one way); GNU, "Various licenses and comments about them". A first check, not legal advice.
"""

import re

from node.authoring.spdx import ExpressionInvalid, parse_expression

UNSTATED = "LicenseRef-unstated"
# With the country or organisation that a version was made for, as in CC-BY-SA-3.0-DE.
_CC = re.compile(r"CC-BY(-NC)?(-SA|-ND)?(?:-NC)?-(\d\.\d)(?:-[A-Z]{2,3})?\Z")
_COPYLEFT = re.compile(r"(AGPL|LGPL|GPL|GFDL)-(\d\.\d)(?:-(?:no-)?invariants)?-(only|or-later)\Z")
_WITHOUT_CREDIT = frozenset({"0BSD", "CC0-1.0", "CC-PDDC", "DL-DE-ZERO-2.0", "MIT-0", "PDDL-1.0", "Unlicense", "WTFPL"})
# Ask for no more than that their notice stays. Whatever is in no group here is taken to ask that adaptations keep it.
_PERMISSIVE = frozenset({
    "AFL-3.0", "Apache-1.1", "Apache-2.0", "Artistic-2.0", "BlueOak-1.0.0", "BSD-1-Clause", "BSD-2-Clause",
    "BSD-2-Clause-Patent", "BSD-3-Clause", "BSD-3-Clause-Clear", "BSD-3-Clause-LBNL", "BSL-1.0",
    "CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "curl", "DL-DE-BY-2.0", "ECL-2.0", "etalab-2.0", "FSFAP", "FTL",
    "HPND", "ICU", "ISC", "Libpng", "MIT", "MIT-CMU", "MIT-Modern-Variant", "MulanPSL-2.0", "NCSA", "NLOD-1.0",
    "NLOD-2.0", "ODC-By-1.0", "OGL-Canada-2.0", "OGL-UK-1.0", "OGL-UK-2.0", "OGL-UK-3.0", "OpenSSL", "PHP-3.01",
    "PostgreSQL", "PSF-2.0", "Python-2.0", "Unicode-3.0", "UPL-1.0", "W3C", "W3C-20150513", "X11", "Zlib",
    "ZPL-2.1",
})  # fmt: skip


def find_obstacle(original: str, adaptation: str) -> str | None:
    """Why what is under `original` may not be adapted and published under `adaptation`; None when it may."""
    if original == adaptation and "-ND-" not in original:
        return None
    try:
        offered, wanted = parse_expression(original).alternatives, parse_expression(adaptation).alternatives
    except ExpressionInvalid as error:
        return f"a licence cannot be read: {error}"
    for choice in wanted:
        reasons = [_obstacle_of_all(terms, choice) for terms in offered]
        if all(reasons):
            return reasons[0]
    return None


def _obstacle_of_all(terms: frozenset[str], choice: frozenset[str]) -> str | None:
    """All `terms` bind together; one licence of the adaptation has to satisfy each."""
    for term in sorted(terms):
        reasons = [_obstacle(term, one) for one in sorted(choice)]
        if all(reasons):
            return reasons[0]
    return None


def _obstacle(original: str, adaptation: str) -> str | None:
    creative, copyleft = _CC.match(original), _COPYLEFT.match(original)
    if creative:
        return _obstacle_cc(original, creative, adaptation)
    if original == adaptation or original in _WITHOUT_CREDIT:
        return None
    if original.startswith(("LicenseRef-", "DocumentRef-")):
        said = "states no licence" if original == UNSTATED else "has a licence of its own"
        return f"the original {said}; ask its author"
    if original in _PERMISSIVE:
        return _uncredited(original, adaptation)
    kept = copyleft is not None and _continues(copyleft, adaptation)
    return None if kept else f"{original} asks that adaptations keep it"


def _obstacle_cc(original: str, terms: re.Match[str], adaptation: str) -> str | None:
    commercial, share, version = terms.groups()
    if share == "-ND":
        return f"{original} allows no adaptations; suggest the change to its author instead"
    other = _CC.match(adaptation)
    if share == "-SA":
        same = other is not None and other[1] == commercial and other[2] == "-SA" and other[3] >= version
        to_gpl = not commercial and version == "4.0" and adaptation in ("GPL-3.0-only", "GPL-3.0-or-later")
        return None if same or to_gpl else f"{original} asks that adaptations keep it, or a later one of its kind"
    if commercial and not (other and other[1]):
        return f"{original} forbids commercial use, and so must its adaptations"
    return _uncredited(original, adaptation)


def _uncredited(original: str, adaptation: str) -> str | None:
    lost = adaptation in _WITHOUT_CREDIT
    return f"{original} asks that its author be named, which {adaptation} gives up" if lost else None


def _continues(original: re.Match[str], adaptation: str) -> bool:
    """The same family, and later only where the original says so; GPL 3 may go into AGPL 3, LGPL into GPL."""
    other = _COPYLEFT.match(adaptation)
    if other is None:
        return False
    family, version, scope = original.groups()
    families = {family, "GPL" if family == "LGPL" else family}
    if "GPL" in families and (version == "3.0" or scope == "or-later"):
        families.add("AGPL")
    later = other[2] > version
    exact = other[2] == version and (other[3] == "only" or scope == "or-later" or other[3] == scope)
    return other[1] in families and (exact or (later and scope == "or-later") or (other[1] != family and later))
