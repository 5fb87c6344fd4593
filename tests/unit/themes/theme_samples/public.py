"""What anybody sees: home, search, people, organisations, coming in, problems."""

from dataclasses import replace
from datetime import date, timedelta

from markupsafe import Markup

from node.web.contexts.accounts.sign_in import (
    FirstUsePage,
    ForgottenPage,
    SignedOutPage,
    SignInAgainPage,
    SignInCodePage,
    SignInPage,
)
from node.web.contexts.cards import Choice, FieldProblem, Link
from node.web.contexts.home import HomePage
from node.web.contexts.organisations.trust import (
    FirstNode,
    OrganisationLine,
    OrganisationPage,
    PeerLine,
    SeenPlace,
    TrustPage,
    ViewpointPage,
)
from node.web.contexts.organisations.trust_graph import (
    PlaceChange,
    Strand,
    Supposition,
    TrustChange,
    TrustGraph,
    Vertex,
)
from node.web.contexts.practitioners.person import AttestForm, CredentialFacts, GivenEndorsement, PersonPage, VouchForm
from node.web.contexts.problem import ProblemPage
from node.web.contexts.search import Facet, FacetValue, Hit, OrderPart, Results, SearchPage, SearchResults
from node.web.contexts.site import Notice, Page
from theme_samples import parts
from theme_samples.parts import NOW, site

ORDER = (
    OrderPart(name="Fits your words", share=0.92, words="in the title, and in 4 passages"),
    OrderPart(name="Practitioners' verdicts", share=0.71, words="score 0.68 from 7 verdicts at 3 organisations"),
    OrderPart(name="Freshness", share=0.94, words="still works, said 11 days ago"),
)
HIT = Hit(
    kind="module",
    title=Markup("Read a generated <mark>toolpath</mark> before you cut metal"),
    href="/modules/did:plc:ana/read-a-generated-toolpath",
    snippet=Markup("… the <mark>toolpath</mark> enters the wall at full depth; the picture on the screen hides it …"),
    language="en",
    layer="capability",
    level="advanced-beginner",
    minutes=14,
    by="Ana Ruiz, Harbour Fitting",
    freshness=parts.FRESH,
    warnings=("Northern Care: this is out of date (outdated).",),
    order=ORDER,
    more_versions=Link(text="3 versions of this", href="/search?fork=1"),
)
TASK_HIT = replace(
    HIT,
    kind="task",
    title=Markup("Set up a milling job from a drawing"),
    href="/tasks/did:plc:ana/set-up-a-milling-job",
    layer=None,
    level=None,
    minutes=None,
    by="",
    freshness=None,
    order=(),
    more_versions=None,
)
RESULTS = Results(
    query="toolpath",
    total=1284,
    milliseconds=6,
    hits=(HIT, TASK_HIT, replace(HIT, kind="person", title=Markup("Ana Ruiz"), layer=None, level=None, minutes=None)),
    facets=(
        Facet(
            name="layer",
            label="Layer",
            values=(
                FacetValue(value="capability", label="Capability", count=12, chosen=True),
                FacetValue(value="tool", label="Tool", count=1204, chosen=False),
            ),
        ),
        Facet(
            name="language", label="Language", values=(FacetValue(value="en", label="English", count=9, chosen=False),)
        ),
    ),
    active=(Link(text="Capability", href="/search?q=toolpath"),),
    did_you_mean=Link(text="tool path", href="/search?q=tool+path"),
    previous="/search?q=toolpath",
    next="/search?q=toolpath&page=3",
)
NOTHING = replace(
    RESULTS, query="", total=0, hits=(), facets=(), active=(), did_you_mean=None, previous=None, next=None
)
SORTS = (Choice(value="best", label="Best first", chosen=True), Choice(value="new", label="Newest first"))
LINE = OrganisationLine(
    organisation=parts.MILL,
    trust=0.61,
    words="Five practitioners here vouch for four of theirs.",
    path=(parts.HARBOUR, parts.MILL),
    practitioners=14,
    modules=22,
    endorsements=310,
)
LINE = replace(
    LINE, anchor="who-1", suppose=(Link(text="What if we did not hear it?", href="/trust?without=did:web:mill"),),
    view="/organisations/did:web:mill/view",
)  # fmt: skip
_VERTEX = Vertex(
    kind="viewer", x=450, y=300, radius=22, label="Harbour Fitting", label_x=450, label_y=342, align="middle",
    href="#who-viewer", words="Harbour Fitting",
)  # fmt: skip
GRAPH = TrustGraph(
    width=900, height=600, words="Harbour Fitting in the middle, one organisation around it.", left_out=1,
    vertices=(
        _VERTEX,
        replace(_VERTEX, kind="trusted", x=576, radius=16, label="Millrace Tools", label_x=600, align="start"),
        replace(_VERTEX, kind="unheard", x=450, y=44, radius=7, label="quick-skills", label_y=72, href="#who-3"),
    ),
    strands=(
        Strand(kind="binding", x1=450, y1=300, x2=576, y2=300, width=2.6, words="3 people of Harbour for Millrace"),
        Strand(kind="other", x1=576, y1=300, x2=450, y2=44, width=1.0, words="one person of Millrace for quick-skills"),
    ),
)  # fmt: skip
SUPPOSED = Supposition(
    words="If Harbour Fitting did not hear Millrace Tools at all, whoever speaks for it",
    trust=(TrustChange(organisation=parts.MILL, after=0.0, words="would no longer be heard; 61% now"),),
    places=(PlaceChange(module=parts.MILL, after=1, words="rises from 3. to 1."),),
    note="", act=Link(text="Take the vouch back", href="/organisations/did:web:mill/vouch"),
)  # fmt: skip
PEER = PeerLine(
    name="Millrace Tools",
    url="https://millrace.example",
    state="live",
    words="everything taken in",
    lag=timedelta(seconds=1.4),
)
HOME = HomePage(
    site=site("/"),
    description="",
    ranked=True,
    modules=(parts.TOOLPATH, parts.SUMMARY, parts.ARABIC, parts.SHEET),
    tasks=(parts.SETUP_CARD, parts.HANDOVER_CARD),
    occupations=(
        Link(text="Machinists", href="/occupations/51-4041"),
        Link(text="Registered nurses", href="/occupations/29-1141"),
        Link(text="Bookkeeping clerks", href="/occupations/43-3031"),
    ),
    module_count=1036,
    task_count=212,
    organisation_count=3,
)
PERSON = PersonPage(
    site=site("/people/did:plc:ana"),
    name="Ana Ruiz",
    handle="ana.harbour.example",
    did="did:plc:7iza6de2dwap2sbkpav7c6c6",
    description="Toolmaker for nineteen years. Writes down what the apprentices ask twice.",
    languages=("Spanish", "English"),
    credentials=(
        CredentialFacts(
            organisation=parts.HARBOUR, occupation="Tool and die maker", since=date(2019, 3, 1), until=None
        ),
        CredentialFacts(
            organisation=parts.MILL,
            occupation="Machinist",
            since=date(2011, 1, 1),
            until=date(2019, 2, 28),
            ended=True,
            revoke="/people/x/credentials/k/revoke",
            drop="/credentials/drop?uri=1",
        ),
    ),
    takes_questions_on=(parts.SETUP, Link(text="Workholding", href="/search?q=workholding")),
    modules=(parts.TOOLPATH,),
    tasks=(parts.SETUP_CARD,),
    endorsements=(
        GivenEndorsement(
            subject=Link(text="Check a drafted summary", href="/modules/x/y"),
            verdict="works-with-changes",
            task=parts.SETUP,
            at=NOW,
            note="Good for set-up sheets too, once “sources” reads “drawing”.",
        ),
    ),
    vouched_by=(parts.TOMAS, parts.LONE),
    vouch=VouchForm(action="/people/did:plc:ana/vouch", given=False),
    attest=AttestForm(
        action="/people/did:plc:ana/credentials", occupations=(Choice(value="onet:51-4041.00", label="Machinists"),)
    ),
)
ORGANISATION = OrganisationPage(
    site=site("/organisations/x", parts.OPERATOR),
    name="Millrace Tools",
    did="did:web:millrace.example",
    url="https://millrace.example",
    description="A cutter grinder's shop with an apprentice school.",
    standing=LINE,
    people=(parts.TOMAS,),
    modules=(parts.TOOLPATH,),
    vouch="/organisations/x/vouch",
    vouched=True,
)


def pages() -> dict[str, Page]:
    refused = FieldProblem(field="", text="That name and password do not belong together.")
    return {
        "home": HOME,
        "home-described": replace(
            HOME, description="The shop's own handbook.", ranked=False, modules=(), tasks=(), occupations=()
        ),
        "search": SearchPage(site=site("/search"), results=RESULTS, sorts=SORTS),
        "search-empty": SearchPage(site=site("/search"), results=NOTHING, sorts=SORTS),
        "fragment-results": SearchResults(site=site("/search"), results=RESULTS),
        "person": PERSON,
        "person-bare": replace(
            PERSON,
            site=site("/people/x", parts.PRACTITIONER),
            handle="",
            description="",
            languages=(),
            credentials=(),
            takes_questions_on=(),
            modules=(),
            tasks=(),
            endorsements=(),
            vouched_by=(),
            vouch=VouchForm(action="/people/x/vouch", given=True),
        ),
        "organisation": ORGANISATION,
        "organisation-bare": replace(ORGANISATION, url="", description="", people=(), modules=(), vouch=None),
        "trust": TrustPage(
            site=site("/trust"),
            trusted=(
                LINE,
                replace(
                    LINE,
                    organisation=parts.NORTH,
                    trust=0.34,
                    path=(parts.HARBOUR, parts.MILL, parts.NORTH),
                    anchor="who-2",
                ),
            ),
            untrusted=(
                replace(
                    LINE,
                    anchor="who-3",
                    organisation=parts.STRANGER,
                    trust=0.0,
                    path=(),
                    words="Nobody whom this node trusts vouches for it.",
                ),
            ),
            peers=(PEER, replace(PEER, name="quick-skills", state="quarantined", words="3 bad signatures", lag=None)),
        ),
        "trust-what-if": TrustPage(
            site=site("/trust"), trusted=(LINE,), untrusted=(), peers=(), graph=GRAPH, supposition=SUPPOSED
        ),
        "trust-nobody": TrustPage(
            site=site("/trust"),
            trusted=(),
            untrusted=(),
            peers=(),
            unranked="Not ranked yet.",
            first_nodes=(
                FirstNode(
                    organisation=parts.MILL,
                    words="This node follows it.",
                    vouch=None,
                    command="skillnet follow https://millrace.example --trust",
                ),
                FirstNode(
                    organisation=parts.NORTH,
                    words="Recommended.",
                    vouch="/organisations/x/vouch",
                    command="skillnet follow",
                ),
            ),
        ),
        "viewpoint": ViewpointPage(
            site=site("/organisations/did:web:mill/view"),
            organisation=parts.MILL,
            words="Only trust differs.",
            trusted=(LINE,),
            graph=GRAPH,
            places=(
                SeenPlace(module=parts.TOOLPATH, place=1, here=2),
                SeenPlace(module=parts.SUMMARY, place=2, here=None),
            ),
        ),
        "sign-in": SignInPage(
            site=site("/sign-in"),
            name="ines",
            next="/me",
            register="/register",
            forgotten="/sign-in/forgotten",
            sign_on="Harbour ID",
            sign_on_url="/sign-in/with?next=%2Fme",
            problems=(refused,),
        ),
        "forgotten": ForgottenPage(site=site("/sign-in/forgotten"), action="/sign-in/forgotten"),
        "sign-in-code": SignInCodePage(
            site=site("/sign-in"), action="/sign-in/code", half="c2VhbGVk", next="/me", problems=(refused,)
        ),
        "sign-in-again": SignInAgainPage(
            site=site("/sign-in/again"),
            name="ines",
            next="/account",
            password=True,
            passkey=True,
            sign_on="Harbour ID",
            sign_on_url="/sign-in/with?next=%2Faccount&again=yes",
            problems=(refused,),
        ),
        "signed-out": SignedOutPage(
            site=site("/sign-out"), sign_on="Harbour ID", end="https://id.example/end?id_token_hint=x"
        ),
        "first-use": FirstUsePage(
            site=site("/first-use"),
            action="/first-use/token",
            name="ines",
            name_fixed=True,
            by_link=True,
            renews=True,
            roles=("read lessons chosen for your work", "publish and endorse"),
            least=12,
            problems=(FieldProblem(field="password", text="Too short: 8 characters, at least 12 are needed."),),
        ),
        "register": FirstUsePage(
            site=site("/register"),
            action="/register",
            name="",
            name_fixed=False,
            by_link=False,
            renews=False,
            roles=("read lessons chosen for your work",),
            least=12,
            problems=(),
        ),
        "problem": ProblemPage(
            site=site("/nowhere"),
            status=404,
            title="There is no such page",
            detail="No module “read-a-toolpath” is known here.",
            hint="It may have been withdrawn, or its host is not followed from here. Search for its title.",
            request="01JD7K2V9Q",
            notices=(Notice(kind="problem", text="The search index is being rebuilt; some pages may be missing."),),
        ),
        "problem-bare": ProblemPage(
            site=site("/", parts.PRACTITIONER), status=500, title="Something broke", detail="", hint="", request=""
        ),
    }
