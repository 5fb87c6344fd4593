"""The doctor: looks at everything that can be wrong with a node, and keeps what it saw last."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from node.services.audit import Audit
from node.services.examining.address import examine_address
from node.services.examining.clock import Heard, examine_clock, hear
from node.services.examining.finding import Finding, judged
from node.services.examining.folder import examine_backup, examine_folder
from node.services.examining.former import examine_former
from node.services.examining.jobs import examine_running_jobs
from node.services.examining.labelers import examine_labelers
from node.services.examining.mail import examine_mail
from node.services.examining.peers import examine_peers
from node.services.examining.release import examine_release
from node.services.examining.search import examine_search
from node.services.examining.settings import settings_at_start
from node.services.examining.sign_on import Acquaintance
from node.services.examining.storage import examine_storage
from node.services.examining.tables import examine_clock_by_files, examine_database
from node.services.hosting.former import find_former
from node.services.hosting.names import handle_domain, node_did
from node.store.administration import facts, jobs, labels
from node.store.engine.failing import find_storage_error
from node.store.processes.elsewhere import leave_to_core
from node.store.repositories import accounts, peers

if TYPE_CHECKING:
    from node.services.finding.finder import Finder
    from node.services.outside import Outside
    from node.services.ranking.rankings import Rankings
    from node.settings.declared import Settings
    from node.store.database import Database
    from node.store.tables.peers import PeerRow

ENOUGH_FILES = 4096  # readers of the stream, hosts followed, browsers that hold connections
_FACT = "doctor"


@dataclass(frozen=True, slots=True)
class Look:
    """All that was looked at, at a time in seconds since 1970."""

    at: float
    findings: tuple[Finding, ...]

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """What has to be mended."""
        return tuple(finding for finding in self.findings if not finding.ok)


class Doctor:
    """Blocks for as long as other hosts take to answer: some seconds."""

    def __init__(
        self, settings: Settings, database: Database, finder: Finder, rankings: Rankings, outside: Outside
    ) -> None:
        self._settings = settings
        self._at_start = settings_at_start(settings)
        self._database = database
        self._audit = Audit(database, settings.data)
        self._finder = finder
        self._rankings = rankings
        self._outside = outside
        self._sign_on = Acquaintance(settings)
        self._last: Look | None = None  # where it cannot be stored, on a full disk say

    def look(self, *, serving: bool = True, asked: bool = False) -> Look:
        """Look now, and keep it. Not `serving` it has no address; when somebody `asked`, what is dear is tried too."""
        if self._database.is_distant:
            leave_to_core()
        parts: list[tuple[str, Callable[[], Iterable[Finding]]]] = [
            ("data folder", lambda: examine_folder(self._settings.data)),
            ("database", lambda: self._tables(asked=asked)),
            ("storage of files", lambda: examine_storage(self._settings)),
            ("single sign-on", lambda: self._sign_on.examine(asked=asked)),
            ("mail", lambda: examine_mail(self._settings)),
            ("backup", lambda: [examine_backup(self._settings.data)]),
            ("search", lambda: examine_search(self._finder, self._settings.data, compare=asked, serving=serving)),
            ("former address", self._former),
            ("world", self._world),
        ]
        if serving:
            parts += [("node", self._process), ("address", self._address)]
        findings = _one_of_each(finding for name, part in parts for finding in _whatever_happens(name, part))
        self._last = look = Look(time.time(), findings)
        if serving:
            kept = {"at": round(look.at), "findings": [asdict(finding) for finding in findings]}
            self._keep(kept)
        return look

    def _tables(self, *, asked: bool) -> Iterable[Finding]:
        return examine_database(self._database, self._settings, self._audit, whole=False, asked=asked)

    def _keep(self, kept: dict[str, object]) -> None:
        """For the other processes and the next start; a disk that takes nothing is a finding already."""
        try:
            self._database.writer.write(lambda session: facts.save_fact(session, _FACT, kept))
        except Exception as error:
            if find_storage_error(error) is None:
                raise

    def last(self) -> Look | None:
        """What was seen last, by whichever process of the node; None when nobody has looked yet."""
        if self._last is not None:
            return self._last
        with self._database.read() as session:
            kept = facts.find_fact(session, _FACT)
        return Look(kept["at"], tuple(Finding(**one) for one in kept["findings"])) if kept else None

    def _former(self) -> Iterator[Finding]:
        with self._database.read() as session:
            former = find_former(session, node_did(self._settings))
        yield examine_former(former)

    def _world(self) -> Iterator[Finding]:
        """Peers, labelers, the clock and releases."""
        with self._database.read() as session:
            followed = peers.list_peers(session)
            found = list(examine_peers(session, followed, self._settings))
            found.append(examine_labelers(labels.list_labelers(session), self._settings))
        yield from found
        heard = hear(self._outside, self._settings, followed)
        yield examine_clock_by_files(self._settings.data) or examine_clock(heard)
        yield from examine_release(_trusted(heard, followed))

    def _process(self) -> Iterator[Finding]:
        built = self._rankings.is_built
        seen = "answers, its database too, and its ranking is built" if built else "its ranking is being built"
        yield judged("node", built, seen, "It is starting; look again in a minute.")
        most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        mend = "LimitNOFILE=65536 in its systemd unit, or `ulimit -n 65536` before `skillnet serve`."
        yield judged("open files", most >= ENOUGH_FILES, f"at most {most} at once", mend)
        yield self._at_start.examine()
        with self._database.read() as session:
            yield examine_running_jobs(jobs.list_jobs(session))

    def _address(self) -> Iterator[Finding]:
        with self._database.read() as session:
            hosted = [row.handle for row in accounts.list_accounts(session) if row.status == "active"]
        ending = f".{handle_domain(self._settings)}"
        yield from examine_address(self._settings, next((one for one in hosted if one.endswith(ending)), ""))


def _trusted(heard: Iterable[Heard], followed: Iterable[PeerRow]) -> list[Heard]:
    trusted = {peer.url for peer in followed if peer.trusted}
    return [one for one in heard if one.url in trusted]


def _whatever_happens(name: str, examine: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What nobody foresaw is a finding as well, not the end of the examination."""
    found: list[Finding] = []
    try:
        found.extend(examine())
    except Exception as error:  # noqa: BLE001 - see above
        seen = f"could not be examined: {type(error).__name__}: {error}"
        found.append(Finding(name, ok=False, detail=seen, mend="That should not happen: tell SkillNet's makers."))
    return found


def _one_of_each(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding of a name, the first that is wrong: what is alerted on by name is one thing."""
    kept: dict[str, Finding] = {}
    for finding in findings:
        if kept.setdefault(finding.name, finding).ok and not finding.ok:
            kept[finding.name] = finding
    return tuple(kept.values())
