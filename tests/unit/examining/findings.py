"""What tests of the doctor ask of its findings."""

from collections.abc import Iterable

from node.services.examining.finding import Finding


def wrong(findings: Iterable[Finding]) -> set[str]:
    """Names of what is wrong; a mend stands where, and only where, something is."""
    found = list(findings)
    assert all(bool(one.mend) == (not one.ok) for one in found), "a mend where, and only where, something is wrong"
    return {one.name for one in found if not one.ok}
