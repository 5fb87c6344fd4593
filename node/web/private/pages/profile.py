"""/me/profile: what a worker tells about their work. Everything is optional."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar import Response, get, post

from node.errors import Malformed
from node.services import naming
from node.services.assembly import Services
from node.services.learning.sealed.profile import Profile, StatedGoal
from node.services.policy import Viewer
from node.web.contexts.cards import Choice, FieldProblem
from node.web.contexts.site import Site
from node.web.contexts.worker.profile import GoalTaken, ProfilePage, SkillClaim
from node.web.notices import redirect_with, show_once
from node.web.presenting import show
from node.web.private.pages.door import AnyRequest, Form, lines_of, text_of, texts_of, worker_site
from node.web.private.pages.occupations import (
    find_occupation,
    fitting_occupations,
    languages_here,
    load_work,
    sources_of,
)
from node.web.private.pages.words import PLACES, skill_title
from schemas.identifiers import primary_language

CLAIM = "skill:"
MEANT = "meant:"
FIND_OUT = Choice(value="", label="let it be found out")
FIRST_TICKED = Choice(value="", label="the first ticked below; any, where none is")
GUESS = "guess"
TO_BE_GUESSED = Choice(value=GUESS, label="whichever comes nearest to what you do", chosen=True)
NOT_NAMED = Choice(value="", label="none of these, or I would rather not say")
CALLS = ("none", "one", "two")
NEEDS = {
    "no-pictures": "Descriptions instead of pictures",
    "plain-words": "Plainer words, where passages are reworded",
    "more-help": "More help in each lesson: more steps shown, more hints",
}
TAKEN = "Kept. What you do was taken for “{name}”; choose another below if it is not."
MORE = "If you like, say what you do these days and where you stand; or go straight to Today."
# What the profile calls a field → its name in the form, and how the form calls it.
_FIELDS = {
    "minutesPerDay": ("minutes", "Minutes a day"),
    "timeZone": ("zone", "Time zone"),
    "role": ("role", "What you do"),
    "occupations": ("occupation", "Nearest occupation"),
    "goals": ("goals", "Goals"),
    "tools": ("tools", "Tools"),
    "languages": ("language", "Languages"),
    "tasks": ("task", "What you do these days"),
    "quietHours": ("quiet-from", "Quiet hours"),
}
_OWN_NAMES = {
    "ar": "العربية", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά", "en": "English",
    "es": "Español", "fa": "فارسی", "fi": "Suomi", "fr": "Français", "he": "עברית", "hi": "हिन्दी", "it": "Italiano",
    "ja": "日本語", "ko": "한국어", "nl": "Nederlands", "no": "Norsk", "pl": "Polski", "pt": "Português",
    "ro": "Română", "ru": "Русский", "sv": "Svenska", "tr": "Türkçe", "uk": "Українська", "ur": "اردو",
    "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip


@get("/me/profile", sync_to_thread=True, include_in_schema=False)
def profile_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """The form, filled with what is known."""
    site = worker_site(request, services, viewer)
    return show_once(request, services, _page(services, site, services.learning.profile(viewer)))


@post("/me/profile", sync_to_thread=True, include_in_schema=False)
def keep_profile(request: AnyRequest, services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Keep it; a new occupation is followed by its tasks and skills, anything else by the feed."""
    site = worker_site(request, services, viewer)
    before = services.learning.profile(viewer)
    try:
        kept = services.learning.change_profile(viewer, _value(services, data, before))
    except Malformed as error:
        return show(services, _refused(services, site, before, data, error), status=error.status)
    if kept.occupations and kept.occupations != before.occupations:
        taken = text_of(data, "occupation") == GUESS
        name = naming.occupation_name(kept.occupations[0])
        return redirect_with(services, "/me/profile", f"{TAKEN.format(name=name)} {MORE}" if taken else f"Kept. {MORE}")
    return redirect_with(services, "/me", "Kept. Your list follows from it.")


def _page(services: Services, site: Site, profile: Profile) -> ProfilePage:
    work = load_work(services, profile.occupations)
    skills = dict.fromkeys([*profile.placements, *work.skills])
    return ProfilePage(
        site=site,
        action="/me/profile",
        role=profile.role,
        occupations=_occupations(services, profile),
        tasks=tuple(Choice(value=t, label=title, chosen=t in profile.tasks) for t, title in work.tasks.items()),
        goals="\n".join(goal.text for goal in profile.goals),
        taken=tuple(_taken(goal) for goal in profile.goals if goal.skills),
        unclear=tuple(goal.text for goal in profile.goals if not (goal.is_mapped or goal.confirmed)),
        skills=tuple(_claim(skill, profile.placements.get(skill, "")) for skill in skills),
        minutes=profile.minutes,
        languages=_languages(services, profile),
        best=_best(services, profile),
        zone=profile.time_zone,
        tools="\n".join(profile.tools),
        problems=(),
        quiet=profile.quiet or ("", ""),
        calls=tuple(Choice(value=str(n), label=word, chosen=n == profile.notices) for n, word in enumerate(CALLS)),
        needs=tuple(Choice(value=n, label=words, chosen=n in profile.accessibility) for n, words in NEEDS.items()),
        rewording=profile.rewriting,
        has_model=bool(services.settings.rewriting_url and services.settings.rewriting_model),
    )


def _occupations(services: Services, profile: Profile) -> tuple[Choice, ...]:
    chosen = next(iter(profile.occupations), "")
    codes = dict.fromkeys([*([chosen] if chosen else []), *fitting_occupations(services, profile.role)])
    named = (Choice(value=code, label=naming.occupation_name(code), chosen=code == chosen) for code in codes)
    blank = not (chosen or profile.role)
    return (*((TO_BE_GUESSED,) if blank else ()), replace(NOT_NAMED, chosen=not (chosen or blank)), *named)


def _claim(skill: str, level: str) -> SkillClaim:
    places = tuple(Choice(value=name, label=words, chosen=name == level) for name, words in PLACES.items())
    return SkillClaim(field=CLAIM + skill, name=skill_title(skill), levels=(FIND_OUT, *places))


def _taken(goal: StatedGoal) -> GoalTaken:
    skills = tuple(Choice(value=skill, label=skill_title(skill), chosen=True) for skill in goal.skills)
    return GoalTaken(field=MEANT + goal.text, text=goal.text, skills=skills, confirmed=goal.confirmed)


def _languages(services: Services, profile: Profile) -> tuple[Choice, ...]:
    tags = dict.fromkeys([*profile.languages, "en", *languages_here(services)])
    return tuple(
        Choice(
            value=tag, label=_OWN_NAMES.get(primary_language(tag)) or naming.language_name(tag),
            chosen=tag in profile.languages,
        )
        for tag in tags
    )  # fmt: skip


def _best(services: Services, profile: Profile) -> tuple[Choice, ...]:
    """The same to choose one from; the first of the profile is the one."""
    first = next(iter(profile.languages), "")
    named = (replace(choice, chosen=choice.value == first) for choice in _languages(services, profile))
    return (replace(FIRST_TICKED, chosen=not first), *named)


def _value(services: Services, data: Form, before: Profile) -> dict[str, Any]:
    """The form as the profile takes it. What the form did not show stays. Raises Malformed."""
    minutes = text_of(data, "minutes")
    if not minutes.isdecimal():
        raise Malformed("minutesPerDay is a whole number from 1 to 480.")
    known = {goal["text"]: _meant(data, goal) for goal in before.to_dict()["goals"]}
    role, occupation = text_of(data, "role"), text_of(data, "occupation")
    occupation = (find_occupation(services, role) or "") if occupation == GUESS else occupation
    others = [code for code in before.occupations[1:] if code != occupation]
    return {
        "role": role,
        "occupations": [occupation, *others] if occupation else [],
        "tasks": _tasks(services, data, before),
        "goals": [known.get(line, {"text": line}) for line in lines_of(data, "goals")],
        "placements": _placements(data, before),
        "minutesPerDay": int(minutes),
        "languages": list(dict.fromkeys(filter(None, [text_of(data, "best-language"), *texts_of(data, "language")]))),
        "tools": lines_of(data, "tools"),
        "timeZone": text_of(data, "zone"),
        **_calm(services, data, before),
    }


def _meant(data: Form, goal: dict[str, Any]) -> dict[str, Any]:
    """The goal as the worker says that it is meant; as it was, where the form did not ask."""
    field = MEANT + goal["text"]
    if field not in data:
        return goal
    skills = [skill for skill in texts_of(data, field) if skill in goal["skills"]]
    return {**goal, "skills": skills, "tasks": goal["tasks"] if skills else [], "confirmed": True}


def _calm(services: Services, data: Form, before: Profile) -> dict[str, Any]:
    """Notices, quiet hours, needs and consent; a form without these fields leaves them as they are."""
    if "notices" not in data:
        return {}
    start, end, calls = text_of(data, "quiet-from"), text_of(data, "quiet-to"), text_of(data, "notices")
    if bool(start) != bool(end):
        raise Malformed("quietHours need a beginning and an end, 20:00 and 07:00 for example.")
    has_model = bool(services.settings.rewriting_url and services.settings.rewriting_model)
    return {
        "quietHours": {"from": start, "to": end} if start or end else None,
        "noticesPerDay": int(calls) if calls.isdecimal() else 0,
        "accessibility": texts_of(data, "need"),
        "rewriting": bool(text_of(data, "rewording")) if has_model else before.rewriting,
    }


def _tasks(services: Services, data: Form, before: Profile) -> list[str]:
    """Those ticked, and those kept that the form did not offer."""
    offered = set(sources_of(services, load_work(services, before.occupations).tasks))
    return [*sources_of(services, texts_of(data, "task")), *(task for task in before.tasks if task not in offered)]


def _placements(data: Form, before: Profile) -> dict[str, str]:
    sent = {name.removeprefix(CLAIM): text_of(data, name) for name in data if name.startswith(CLAIM)}
    return {skill: level for skill, level in {**before.placements, **sent}.items() if level}


def _refused(services: Services, site: Site, before: Profile, data: Form, error: Malformed) -> ProfilePage:
    """The form as it was sent, with what is wrong beside the field."""
    named = next((name for name in _FIELDS if error.message.startswith(name)), "")
    field, label = _FIELDS.get(named, ("", ""))
    text = error.words.replace(named, label, 1) if named else error.words
    minutes = text_of(data, "minutes")
    return replace(
        _page(services, site, before),
        role=text_of(data, "role"),
        goals="\n".join(lines_of(data, "goals")),
        tools="\n".join(lines_of(data, "tools")),
        zone=text_of(data, "zone"),
        minutes=int(minutes) if minutes.isdecimal() else before.minutes,
        problems=(FieldProblem(field=field, text=text),),
    )


HANDLERS = (profile_page, keep_profile)
