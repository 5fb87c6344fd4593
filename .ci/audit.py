"""Asks osv.dev for known weaknesses of everything that uv.lock pins and of the scripts that are kept in the themes.

Exit code 0: asked, and none is known. 1: some are, or an exception is no longer needed. 3: nobody could be asked, which
is said loudly: a closed network is no weakness of the project, and no proof that there is none.

Beside ours the source is asked for a release whose weaknesses are known for sure: one that does not know those, such as
a mirror, is no source. Only Python's own library is used: this audits the environment, and does not live from it.
"""

# ruff: noqa: T201 - what it prints is what it is for

from __future__ import annotations

import http.client
import json
import os
import re
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SOURCE = os.environ.get("SKILLNET_OSV", "https://api.osv.dev")
PATIENCE = 20  # seconds
MOST_PAGES = 20  # of a thousand weaknesses each
FOUND, NOT_ASKED = 1, 3
# Weaknesses that do not reach us, by their id, each with its reason. What is no longer reported must go from here.
ACCEPTED: dict[str, str] = {}


class Package(NamedTuple):
    """A release, in the words of the Open Source Vulnerability schema."""

    ecosystem: str
    name: str
    version: str


PROBE = Package("PyPI", "jinja2", "2.4.1")


def packages() -> Iterator[Package]:
    """What is pinned, and what lies in the themes as it was published."""
    for entry in tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]:
        if "registry" in entry["source"]:
            yield Package("PyPI", entry["name"], entry["version"])
    for file in sorted((ROOT / "themes").glob("*/static/vendor/*.VERSION.txt")):
        said = re.match(r"(\S+) (\S+) \(npm\)", file.read_text("utf-8"))
        if said is None:
            raise SystemExit(f"{file.name} does not begin with: name version (npm)")
        yield Package("npm", said[1], said[2])


def ask(asked: list[Package]) -> list[list[str]]:
    """The ids of each one's weaknesses. Raises OSError, ValueError."""
    found: list[list[str]] = [[] for _ in asked]
    pages = dict.fromkeys(range(len(asked)), "")  # which are still to be asked → from which page on
    for _ in range(MOST_PAGES):
        results = _answers([_query(asked[place], page) for place, page in pages.items()])
        for place, result in zip(list(pages), results, strict=True):
            found[place] += [one["id"] for one in result.get("vulns", ())]
            pages[place] = result.get("next_page_token", "")
        pages = {place: page for place, page in pages.items() if page}
        if not pages:
            return found
    raise ValueError(f"more than {MOST_PAGES} pages of weaknesses")


def _query(one: Package, page: str) -> dict[str, Any]:
    asked = {"package": {"ecosystem": one.ecosystem, "name": one.name}, "version": one.version}
    return {**asked, "page_token": page} if page else asked


def _answers(queries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One for each (https://google.github.io/osv.dev/post-v1-querybatch/); {} where nothing is known."""
    body, headers = json.dumps({"queries": queries}).encode(), {"content-type": "application/json"}
    request = urllib.request.Request(f"{SOURCE}/v1/querybatch", body, headers)  # noqa: S310 - the address is ours
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - as above
            results = json.load(answer)["results"]
    except (http.client.HTTPException, KeyError, TypeError) as error:
        raise ValueError(f"no answer of that kind: {error}") from error
    if not isinstance(results, list) or not all(isinstance(one, dict) for one in results):
        raise ValueError("no answer of that kind")
    if len(results) != len(queries):
        raise ValueError("as many answers as questions were expected")
    return results


def main() -> int:
    """Say what is known."""
    asked = list(packages())
    try:
        *answers, probe = ask([*asked, PROBE])
    except (OSError, ValueError) as error:
        return _not_asked(len(asked), f"{SOURCE} did not answer ({error})")
    if not probe:
        return _not_asked(len(asked), f"{SOURCE} does not even know the weaknesses of {PROBE.name} {PROBE.version}")
    known = {(one, id_) for one, ids in zip(asked, answers, strict=True) for id_ in ids}
    for one, id_ in sorted(known):
        print(f"{one.name} {one.version}: https://osv.dev/{id_} {ACCEPTED.get(id_, '')}".rstrip())
    over = ACCEPTED.keys() - {id_ for _, id_ in known}
    if over:
        print(f"no longer reported, to be taken out of ACCEPTED: {', '.join(sorted(over))}")
    open_ = {id_ for _, id_ in known} - ACCEPTED.keys()
    print(f"{len(asked)} packages asked of {SOURCE}: {len(open_)} known weaknesses, {len(known)} with those accepted")
    return FOUND if open_ or over else 0


def _not_asked(number: int, why: str) -> int:
    print(f"*** NOT AUDITED: {why}.")
    print(f"*** Whether weaknesses of {number} dependencies are known was not found out.")
    return NOT_ASKED


if __name__ == "__main__":
    sys.exit(main())
