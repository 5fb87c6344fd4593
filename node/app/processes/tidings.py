"""What the core's services tell the processes beside it, and what these make of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from node.services.assembly import Services
from node.services.cataloguing.changes import CatalogueChange

if TYPE_CHECKING:
    from node.services.cataloguing.cataloguer import Cataloguer
    from node.store.processes.news import Listener, News, Teller


def teller_of(services: Services) -> Teller:
    """Tells of everything that the other processes keep in memory."""
    from node.store.processes.news import Teller

    teller = Teller(services.database.address)

    def of_catalogue(change: CatalogueChange) -> None:
        teller.tell({"catalogue": {name: sorted(uris) for name, uris in asdict(change).items() if uris}})

    services.cataloguer.listen(of_catalogue)
    services.stream.listen(lambda seq: teller.tell({"events": seq}))
    services.withholding.listen(lambda: teller.tell({"rules": True}))
    services.reference.listen(lambda: teller.tell({"reference": True}))
    services.freshening.listen(lambda: teller.tell({"tools": True}))
    return teller


def listener_of(services: Services, lose: Callable[[], None]) -> Listener:
    """Takes in what the core tells; `lose` is called when some of it may have been missed."""
    from node.store.processes.news import Listener

    def hear(news: News) -> None:
        if "catalogue" in news:
            _hear_change(services.cataloguer, news["catalogue"])
        if "events" in news:
            services.stream.hear(int(news["events"]))
        if "rules" in news:
            services.withholding.forget()
        if "reference" in news:
            services.reference.forget()
        if "tools" in news:
            services.freshening.forget_tools()

    return Listener(services.database.address, hear, lose)


def _hear_change(cataloguer: Cataloguer, told: dict[str, list[str]]) -> None:
    cataloguer.tell(CatalogueChange(**{name: set(uris) for name, uris in told.items()}))
