"""A worker's profile. Private."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from node.web.contexts.cards import Choice, FieldProblem
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillClaim:
    """A skill and how the worker places themselves on it."""

    field: Annotated[str, "Name of the form field"]
    name: Annotated[str, "The skill"]
    levels: Annotated[tuple[Choice, ...], "Places to choose from, '' means 'let the node find out'"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalTaken:
    """A goal and what it was taken to mean. The field repeats, once with an empty value, so that none is an answer."""

    field: Annotated[str, "Name of the form field"]
    text: Annotated[str, "The goal in the worker's own words"]
    skills: Annotated[tuple[Choice, ...], "Skills it may be about"]
    confirmed: Annotated[bool, "The worker has said which"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePage(Page):
    """Sends `role`, `occupation`, `task`, `goals`, `minutes`, `language`, `tools`, `zone` and the skills' fields.

    Also the goals' fields, `best-language`, `quiet-from`, `quiet-to`, `notices`, `need` and `rewording`.
    """

    template: ClassVar[str] = "profile.html"
    action: Annotated[str, "Address that takes the POST"]
    role: Annotated[str, "The job in the worker's own words"]
    occupations: Annotated[tuple[Choice, ...], "Occupations that fit the role, best first"]
    tasks: Annotated[tuple[Choice, ...], "Work of that occupation; the field may repeat"]
    goals: Annotated[str, "In the worker's own words, one a line"]
    taken: Annotated[tuple[GoalTaken, ...], "What goals were taken to mean"]
    unclear: Annotated[tuple[str, ...], "Goals that were taken for nothing yet"]
    skills: Annotated[tuple[SkillClaim, ...], "Skills of the chosen work"]
    minutes: Annotated[int, "Minutes a day"]
    languages: Annotated[tuple[Choice, ...], "Languages the worker reads; the field may repeat"]
    best: Annotated[tuple[Choice, ...], "The same: which is read best, '' for the first ticked, field `best-language`"]
    zone: Annotated[str, "Time zone in which the worker's day begins, as in Europe/Berlin"]
    tools: Annotated[str, "Tools in use, one a line"]
    problems: Annotated[tuple[FieldProblem, ...], "What was not accepted"]
    quiet: Annotated[tuple[str, str], "Quiet hours, from and to, as in 20:00; '' when there are none"] = ("", "")
    calls: Annotated[tuple[Choice, ...], "Notices a day that are allowed, field `notices`"] = ()
    needs: Annotated[tuple[Choice, ...], "What makes reading easier; the field `need` may repeat"] = ()
    rewording: Annotated[bool, "The worker allows that marked passages go to the language model"] = False
    has_model: Annotated[bool, "This node has a language model"] = False
