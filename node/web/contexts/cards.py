"""The small pieces that several pages show: links, modules, tasks and people in a list."""

from dataclasses import dataclass
from typing import Annotated, Literal

Layer = Literal["tool", "concept", "capability"]
Level = Literal["novice", "advanced-beginner", "competent", "proficient", "expert"]
Audience = Literal["public", "organisation"]
FreshnessState = Literal["fresh", "ageing", "stale"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A name and where it leads."""

    text: Annotated[str, "What is linked, in words"]
    href: Annotated[str | None, "Address of its page, None when this node has no page for it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value that a form offers."""

    value: Annotated[str, "What the form sends"]
    label: Annotated[str, "What the person reads"]
    chosen: Annotated[bool, "Selected when the page opens"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """Why a form was not accepted."""

    field: Annotated[str, "Name of the form field, '' for the form as a whole"]
    text: Annotated[str, "What is wrong and what would be right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLink:
    """A person by name."""

    name: Annotated[str, "Display name, or the handle where there is none"]
    href: Annotated[str | None, "Address of the person's page"]
    organisation: Annotated[str | None, "Organisation by accepted credential, None for one who stands alone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How likely a module is still right today."""

    state: Annotated[FreshnessState, "In three steps, for the mark"]
    value: Annotated[float, "0..1, as it enters the order"]
    reasons: Annotated[tuple[str, ...], "What it rests on, strongest first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleCard:
    """A module in a list."""

    title: Annotated[str, "Title in the module's language"]
    description: Annotated[str, "One or two sentences in the module's language"]
    href: Annotated[str, "Address of its page"]
    language: Annotated[str, "BCP 47; sets `lang` and direction"]
    layer: Annotated[Layer, "What it builds"]
    level: Annotated[Level, "For whom"]
    minutes: Annotated[int | None, "Time to work through it"]
    author: Annotated[PersonLink, "Who published it"]
    freshness: Annotated[Freshness, "Whether it is still right"]
    reason: Annotated[str, "One sentence: why it stands at this place, '' where the order needs none"]
    exploring: Annotated[bool, "Holds one of the places kept for the little known"] = False
    audience: Annotated[Audience, "Public, or for this organisation alone"] = "public"
    warnings: Annotated[tuple[str, ...], "What labels say of it, each with who says so"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCard:
    """A task in a list."""

    title: Annotated[str, "What the work is called"]
    statement: Annotated[str, "The work in one sentence"]
    href: Annotated[str, "Address of its page"]
    language: Annotated[str, "BCP 47"]
    occupations: Annotated[tuple[str, ...], "Names of the occupations that do it"]
    steps: Annotated[int, "Number of steps, 0 when nobody has decomposed it yet"]
    modules: Annotated[int, "How many modules serve it here"]
