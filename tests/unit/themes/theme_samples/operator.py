"""The operator's page."""

from dataclasses import replace
from datetime import timedelta

from node.web.contexts.cards import Choice
from node.web.contexts.operator.admin import (
    AdminPage,
    AuditEntry,
    AuditPage,
    Figure,
    FindingRow,
    JobRow,
    PeerRow,
    RejectedEvent,
    SuggestedPeer,
)
from node.web.contexts.operator.people import AccountRow, InvitationRow, OfferedRole, PeoplePage
from node.web.contexts.site import Page
from theme_samples import parts, public
from theme_samples.parts import NOW, site

PEER = PeerRow(
    peer=public.PEER,
    cursor=182734,
    last_event=NOW,
    deletion_lag=timedelta(seconds=41),
    retry_at=None,
    unfollow="/admin/peers/1/unfollow",
)
GONE = replace(
    PEER,
    peer=replace(
        public.PEER, name="old.example", state="unreachable", words="Refused the connection 14 times.", lag=None
    ),
    cursor=None,
    last_event=None,
    deletion_lag=None,
    retry_at=NOW + timedelta(minutes=8),
)
JOB = JobRow(name="ranking-epoch", does="Ranking of the day", state="waiting", attempts=0, run_at=NOW, problem="")
ANA = AccountRow(
    name="ines", display_name="Ines Ito", roles=("worker",), did="", created_at=NOW, came=False,
    remove="/admin/2/remove", reset="/admin/2/reset", lift=None, change="/admin/2/roles",
    choices=(
        Choice(value="worker", label="worker", chosen=True), Choice(value="author", label="author", chosen=False),
    ),
)  # fmt: skip
ADMIN = AdminPage(
    site=site("/admin", parts.OPERATOR),
    looked=NOW,
    wrong=(
        FindingRow(
            name="certificate",
            detail="good for 3 days more",
            mend=((False, "The proxy should have renewed it: "), (True, "systemctl restart caddy"), (False, ".")),
        ),
    ),
    well=(FindingRow(name="disk", detail="38.1 GB of 100.0 GB free", mend=()),),
    look="/admin/doctor",
    figures=(
        Figure(name="Modules", value="1 036", note="948 from others"),
        Figure(name="Verdicts", value="17 512", note=""),
        Figure(name="Queue", value="3", note="oldest 2 s"),
        Figure(name="Data folder", value="412 MB", note="38 GB free"),
    ),
    measured=(
        Figure(name="Followed hosts by state.", value="2", note="live"),
        Figure(name="Bytes free where the data folder is.", value="38.1 GB", note=""),
    ),
    peers=(PEER, GONE),
    follow="/admin/follow",
    suggested=(
        SuggestedPeer(name="Harbour works", url="https://harbour.example", known_by=("Clinic north", "Fitters’ guild")),
    ),
    rejected=(
        RejectedEvent(
            at=NOW,
            host="quick-skills.example",
            repository="did:plc:7iza6de2dwap2sbkpav7c6c6",
            reason="bad-signature",
            detail="The commit is not signed by the key of the current document.",
        ),
        RejectedEvent(at=NOW, host="quick-skills.example", repository="", reason="too-big", detail="Frame of 6.1 MB."),
    ),
    jobs=(
        replace(JOB, does="Follow old.example", state="failed", attempts=14, problem="Connection refused"),
        replace(JOB, does="Nightly feeds", state="waiting", run_at=None),
        replace(JOB, name="import-reference", does="Import of O*NET", state="running"),
        JOB,
    ),
)
PEOPLE = PeoplePage(
    site=site("/admin/people", parts.OPERATOR),
    prove=None,
    find="a",
    accounts=(
        replace(
            ANA,
            name="ana",
            display_name="",
            came=True,
            remove=None,
            roles=("worker", "practitioner"),
            did="did:plc:ana",
            lift="/admin/1/lift",
        ),
        ANA,
    ),
    count=3,
    action="/admin/people",
    invitations=(
        InvitationRow(
            roles=("worker",),
            to="ana@works.example",
            made_at=NOW,
            expires_at=NOW + timedelta(days=7),
            used_by="",
            revoke="/admin/i/1",
        ),
        InvitationRow(roles=("worker", "practitioner"), to="", made_at=NOW, expires_at=NOW, used_by="ana", revoke=None),
    ),
    invite="/admin/invite",
    offered=(
        OfferedRole(value="worker", able="learn here", chosen=True),
        OfferedRole(value="operator", able="run this node", chosen=False),
    ),
    mail=True,
    one_time_link="https://skills.harbour.example/first-use/6Gm2vX",
)
AUDIT = AuditPage(
    site=site("/admin/audit", parts.OPERATOR),
    entries=(
        AuditEntry(
            number=42, at=NOW, actor="olga", action="peer followed", subject="https://mill.example", detail="trusted"
        ),
        AuditEntry(number=41, at=NOW, actor="operator at the machine", action="account made", subject="wim", detail=""),
    ),
    count=42,
    whole=True,
    broken=0,
    head="9f2c" * 16,
    older="/admin/audit?before=41",
)


def pages() -> dict[str, Page]:
    return {
        "admin": ADMIN,
        "people": PEOPLE,
        "people-later": replace(PEOPLE, prove="/sign-in/again?next=%2Fadmin%2Fpeople"),
        "people-none": replace(PEOPLE, accounts=(), count=0, invitations=(), mail=False, one_time_link=None),
        "audit": AUDIT,
        "audit-changed": replace(AUDIT, whole=False, broken=41, older=None),
        "admin-new": replace(ADMIN, looked=None, wrong=(), well=(), peers=(), rejected=(), jobs=()),
    }
