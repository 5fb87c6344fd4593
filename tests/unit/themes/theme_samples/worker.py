"""The worker's own pages."""

from dataclasses import replace

from markupsafe import Markup

from node.authoring.render import render
from node.authoring.rendering.view import View
from node.web.contexts.cards import Choice, FieldProblem, Link
from node.web.contexts.site import Page
from node.web.contexts.worker.beliefs import Belief, BeliefsPage, Correction
from node.web.contexts.worker.feed import (
    Chance,
    EndorseOffer,
    FeedItem,
    FeedItemGone,
    FeedPage,
    HeldUp,
    ReasonTerm,
    Reported,
    RunnerUp,
)
from node.web.contexts.worker.feed_addresses import AccessToken, FeedAddressesPage
from node.web.contexts.worker.lesson import Change, LessonPage, Passage, RecordedOutcome, SlotField
from node.web.contexts.worker.own_data import Access, Holding, OwnDataPage
from node.web.contexts.worker.profile import GoalTaken, ProfilePage, SkillClaim
from node.web.contexts.worker.searches import KeptSearch, SearchesPage
from node.web.contexts.worker.work_history import HistoryPiece, WorkHistoryPage
from theme_samples import parts, reading
from theme_samples.parts import NOW, site

CHANCE = Chance(
    p=0.68,
    words="You would probably manage this alone: about 7 times in 10.",
    evidence="Rests on 4 outcomes of related work; still rather unsure.",
)
LESSON_ITEM = FeedItem(
    id="r1",
    kind="lesson",
    title=parts.TOOLPATH.title,
    summary=parts.TOOLPATH.description,
    language="en",
    href="/me/lessons/r1",
    minutes=14,
    layer="capability",
    level="advanced-beginner",
    by=parts.ANA,
    freshness=parts.FRESH,
    task=parts.SETUP,
    because=(
        ReasonTerm(words="It serves the set-up you do most weeks.", share=1.0),
        ReasonTerm(words="Hard enough to teach, easy enough to manage.", share=0.72),
        ReasonTerm(words="It leads to your goal “run the five-axis alone”.", share=0.41),
    ),
    chance=CHANCE,
    runner_up=RunnerUp(
        subject=Link(text="Let the spreadsheet assistant explain a formula", href="/modules/x/y"),
        lost_because="it is further from this week's work, and stale.",
    ),
    feedback="/me/feed/r1",
)
REVIEW_ITEM = replace(
    LESSON_ITEM,
    id="r2",
    kind="review",
    title="Two dimensions that would scrap the part",
    summary="You did this alone eleven days ago. Once more before it fades.",
    minutes=3,
    runner_up=None,
    because=(ReasonTerm(words="Due: you would recall it about 8 times in 10 today.", share=1.0),),
    chance=replace(CHANCE, p=0.86, words="You would manage this alone: nearly 9 times in 10."),
)
CONNECTION_ITEM = replace(
    LESSON_ITEM,
    id="r3",
    kind="connection",
    title="Tomáš Novák takes questions on workholding",
    summary="He grinds cutters at Millrace Tools and has published that he takes questions on this.",
    href="/people/did:plc:tomas",
    minutes=None,
    layer=None,
    level=None,
    freshness=None,
    task=None,
    by=parts.TOMAS,
    chance=None,
    runner_up=None,
    because=(ReasonTerm(words="Workholding is where your last two set-ups needed help.", share=1.0),),
)
ARABIC_ITEM = replace(
    LESSON_ITEM,
    id="r4",
    kind="complexity",
    title=parts.ARABIC.title,
    summary=parts.ARABIC.description,
    language="ar",
    because=(),
    minutes=6,
)
FEED = FeedPage(
    site=site("/me", parts.WORKER),
    notices=(parts.UNDOABLE,),
    door="feed",
    asked="",
    understood_as=None,
    day=NOW.date(),
    minutes=25,
    items=(LESSON_ITEM, REVIEW_ITEM, CONNECTION_ITEM, ARABIC_ITEM),
    empty="",
    goals=("run the five-axis alone", "train the next apprentice"),
    held_up=HeldUp(title="Read a generated toolpath", at=NOW, action="/me/lessons/r1/held-up"),
)
OFFER = EndorseOffer(title=parts.TOOLPATH.title, href="/practitioner", signs=False)
ADAPTED = View(
    mode="adapted",
    visibility={"h1": "collapsed", "q1": "hidden"},
    steps={"e1": 1},
    slots={"machine": "the old Deckel"},
)
CHANGES = (
    Change(
        what="The part for a novice is shown",
        why="You would manage this alone about 4 times in 10: when unsure, more help.",
        line=31,
        anchor="b1",
        toggle="/me/lessons/r1/blocks/b1",
        shown=False,
    ),
    Change(
        what="One hint was taken out",
        why="Your last three hints went unused.",
        line=44,
        anchor=None,
        toggle="/me/lessons/r1/blocks/h1",
        shown=True,
    ),
    Change(
        what="“the machine” reads “the old Deckel”",
        why="You chose it.",
        line=None,
        anchor=None,
        toggle=None,
        shown=False,
    ),
)
LESSON = LessonPage(
    site=site("/me/lessons/r1", parts.WORKER),
    title=parts.TOOLPATH.title,
    language="en",
    level="advanced-beginner",
    minutes=14,
    author=parts.ANA,
    original=parts.TOOLPATH.href,
    task=parts.SETUP,
    body=Markup(render(reading.DOCUMENT, ADAPTED).html),  # the renderer's output is sanitised
    changes=CHANGES,
    chance=replace(CHANCE, p=0.42, words="You would need some help with this: about 4 times in 10 alone."),
    slots=(
        SlotField(
            name="machine",
            label="the machine in front of you",
            values=(
                Choice(value="mill", label="the mill"),
                Choice(value="deckel", label="the old Deckel", chosen=True),
            ),
        ),
    ),
    slots_action="/me/lessons/r1/slots",
    outcome_action="/me/lessons/r1/outcome",
    recorded=None,
    withdrawn=False,
    passages=(
        Passage(written="Count first.", parts=(), action="/me/lessons/r1/passages/p1"),
        Passage(written="Look then.", parts=(("kept", "Look "), ("removed", "then."), ("added", "on.")), action="/x"),
    ),
)
PROFILE = ProfilePage(
    site=site("/me/profile", parts.WORKER),
    action="/me/profile",
    role="I set up and run two milling machines",
    occupations=(
        Choice(value="51-4041", label="Machinists", chosen=True),
        Choice(value="51-9161", label="CNC operators"),
    ),
    tasks=(
        Choice(value="onet:51-4041.00/1", label="Set up, adjust and operate machine tools.", chosen=True),
        Choice(value="onet:51-4041.00/2", label="Measure, examine and test completed units."),
    ),
    zone="Europe/Paris",
    goals="run the five-axis alone\ntrain the next apprentice",
    taken=(
        GoalTaken(
            field="meant:run the five-axis alone",
            text="run the five-axis alone",
            skills=(Choice(value="five-axis", label="Five axis milling", chosen=True),),
            confirmed=False,
        ),
    ),
    unclear=("train the next apprentice",),
    skills=(
        SkillClaim(
            field="skill-1",
            name="Read a toolpath for collisions",
            levels=(
                Choice(value="", label="let it be found out", chosen=True),
                Choice(value="alone", label="I do this alone"),
            ),
        ),
    ),
    minutes=25,
    languages=(Choice(value="en", label="English", chosen=True), Choice(value="ar", label="العربية")),
    best=(Choice(value="", label="the first ticked below"), Choice(value="en", label="English", chosen=True)),
    tools="Fusion\nDeckel FP4",
    problems=(FieldProblem(field="minutes", text="Between 1 and 480, please; found 0."),),
    quiet=("20:00", "07:00"),
    calls=(Choice(value="0", label="none", chosen=True), Choice(value="1", label="one")),
    needs=(Choice(value="more-help", label="More help in each lesson"),),
    rewording=True,
    has_model=True,
)
BELIEF = Belief(
    id="s1",
    skill="Reading a toolpath for collisions",
    mastery="You usually manage this alone.",
    certainty="Fairly sure: six outcomes, the last one nine days ago.",
    low=0.55,
    middle=0.71,
    high=0.84,
    because=("11 November: done alone", "3 November: done with a hint", "You placed yourself here in your profile"),
    correct="/me/beliefs/s1",
)


def pages() -> dict[str, Page]:
    token = AccessToken(name="terminal", created_at=NOW, used_at=None, revoke="/me/tokens/1")
    addresses = FeedAddressesPage(
        site=site("/me/feeds", parts.WORKER),
        atom="https://skills.harbour.example/feeds/9f2c.atom",
        json="https://skills.harbour.example/feeds/9f2c.json",
        made_at=NOW,
        regenerate="/me/feeds/regenerate",
        assistant="https://skills.harbour.example/mcp",
        tokens=(token, replace(token, name="assistant", used_at=NOW)),
        new_token="sn_7Yq2c0Wm",
        token_action="/me/tokens",
    )
    kept = KeptSearch(
        name="torque wrench, Builds: Familiarity with a tool",
        news=2,
        show="/me/searches/1/show",
        atom="https://skills.harbour.example/feeds/1b2c.atom",
        json="https://skills.harbour.example/feeds/1b2c.json",
        made_at=NOW,
        end="/me/searches/1/end",
    )
    searches = SearchesPage(
        site=site("/me/searches", parts.WORKER),
        kept=(kept, replace(kept, name="reconcile", news=0)),
        recent=(Link(text="torque", href="/search?q=torque"),),
        clear="/me/searches/recent/clear",
    )
    data = OwnDataPage(
        site=site("/me/data", parts.WORKER),
        holdings=(
            Holding(name="Outcomes", count=1042, purpose="To know what you can do alone"),
            Holding(name="Profile", count=1, purpose="To choose lessons for your work"),
        ),
        accesses=(Access(at=NOW, by="wim", why="One-time link made"),),
        export="/me/data/export",
        erase_action="/me/data/erase",
        confirm="ines",
        problems=(FieldProblem(field="confirm", text="That is not “ines”."),),
    )
    piece = HistoryPiece(
        title="Set up a mill", said="2023, alone", skills=("Reading a toolpath",), value="{}", remove="/me/h/1"
    )
    history = WorkHistoryPage(
        site=site("/me/history", parts.WORKER),
        show_action="/me/history/show",
        keep_action="/me/history",
        text="{broken",
        shown=(piece, replace(piece, title="Juggling", skills=())),
        kept=(piece,),
        problems=(FieldProblem(field="text", text="This is not JSON."),),
    )
    return {
        "work-history": history,
        "work-history-bare": replace(history, shown=(), kept=(), text="", problems=()),
        "searches": searches,
        "searches-bare": replace(searches, kept=(), recent=()),
        "feed": FEED,
        "feed-after": replace(
            FEED,
            endorse=replace(OFFER, signs=True),
            reported=(
                Reported(
                    words="“Read a generated toolpath”: with a hint.",
                    at=NOW,
                    confirm="/me/lessons/r1/outcome/confirm",
                    undo="/me/lessons/r1/outcome/undo",
                ),
            ),
        ),
        "feed-help": replace(
            FEED,
            notices=(),
            door="task",
            asked="The cutter squeals in the corner",
            understood_as=parts.SETUP,
            goals=(),
            items=(
                replace(LESSON_ITEM, kind="practice"),
                replace(REVIEW_ITEM, id="r5", kind="stretch"),
                replace(REVIEW_ITEM, id="r6", kind="reverify"),
            ),
        ),
        "feed-empty": replace(
            FEED, notices=(), items=(), goals=(), empty="Nothing yet: say what you do and where you want to get."
        ),
        "fragment-gone": FeedItemGone(
            site=site("/me", parts.WORKER), id="r1", text="Less like this: noted.", undo="/me/undo/2"
        ),
        "lesson": LESSON,
        "lesson-recorded": replace(
            LESSON,
            task=None,
            changes=(),
            slots=(),
            minutes=None,
            recorded=RecordedOutcome(
                outcome="with-hint",
                at=NOW,
                undo="/me/undo/3",
                effect="Two lessons on corners moved up for tomorrow.",
                evidence="Jana found nothing to correct.",
                keep_evidence="/me/lessons/r1/outcome/evidence",
                confirm="/me/lessons/r1/outcome/confirm",
                endorse=OFFER,
            ),
        ),
        "lesson-without-module": replace(
            LESSON,
            author=None,
            original=None,
            task=None,
            chance=None,
            changes=(),
            slots=(),
            body=Markup("<p>Do it.</p>"),
        ),
        "lesson-withdrawn": replace(LESSON, withdrawn=True, changes=(), slots=()),
        "profile": PROFILE,
        "profile-new": replace(
            PROFILE, role="", tasks=(), occupations=(), goals="", taken=(), skills=(), tools="", problems=()
        ),
        "beliefs": BeliefsPage(
            site=site("/me/beliefs", parts.WORKER),
            beliefs=(
                BELIEF,
                replace(
                    BELIEF,
                    id="s2",
                    skill="Workholding",
                    low=0.08,
                    middle=0.31,
                    high=0.66,
                    mastery="You usually need help.",
                    certainty="Unsure: one outcome.",
                ),
            ),
            corrections=(Correction(words="“Spreadsheets” is not a goal", at=NOW, undo="/me/undo/4"),),
        ),
        "beliefs-empty": BeliefsPage(site=site("/me/beliefs", parts.WORKER), beliefs=(), corrections=()),
        "own-data": data,
        "own-data-quiet": replace(data, accesses=(), problems=()),
        "feed-addresses": addresses,
        "feed-addresses-none": replace(addresses, atom=None, json=None, made_at=None, tokens=(), new_token=None),
    }
