"""How much is asked of a node, by whom, and what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from node.cli.reaching.options import NoneOrMore, Some


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Load:
    """Options of `bench load`; the full measure is 1,000 users for 600 seconds, one step a minute each."""

    users: Annotated[
        int, NoneOrMore, Parameter(help="Users: of 100, 70 workers, 20 who search, 5 authors, 5 programs.")
    ] = 100
    seconds: Annotated[float, NoneOrMore, Parameter(help="How long.")] = 30.0
    rest: Annotated[float, NoneOrMore, Parameter(help="Seconds that each rests between two steps, on average.")] = 10.0
    modules: Annotated[int, NoneOrMore, Parameter(help="Modules in the catalogue.")] = 300
    still: Annotated[bool, Parameter(negative="", help="Nobody publishes: who would is a worker.")] = False
    overload: Annotated[
        bool, Parameter(negative="", help="Afterwards, ten times as much as the node takes at once.")
    ] = False
    database: Annotated[str, Parameter(help="SQLAlchemy URL of an empty PostgreSQL database.")] = ""
    processes: Annotated[
        int, Some, Parameter(help="Processes of the node on PostgreSQL; users are spread over them.")
    ] = 1
