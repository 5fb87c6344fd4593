"""Something went wrong: the page form of an RFC 9457 problem."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPage(Page):
    """What happened and what to do about it."""

    template: ClassVar[str] = "problem.html"
    status: Annotated[int, "HTTP status"]
    title: Annotated[str, "What happened, in a few words"]
    detail: Annotated[str, "What exactly, '' without"]
    hint: Annotated[str, "What to do now, '' without"]
    request: Annotated[str, "Id to quote to the operator, '' without"]
