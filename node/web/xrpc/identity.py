"""/.well-known documents and the node's own did:plc directory under /plc."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from node.errors import Unknown
from node.services.assembly import Services
from node.store.repositories.accounts import find_identity, find_named

Body = dict[str, Any]


@get("/.well-known/did.json", sync_to_thread=True)
def did_document(services: Services) -> Body:
    """The node's own DID document."""
    return services.identity.document()


@get("/.well-known/atproto-did", sync_to_thread=True)
def atproto_did(request: Request[Any, Any, Any], services: Services) -> Response[str]:
    """The DID of the handle that the request's host name is; the node's own for its own name."""
    host = request.headers.get("host", "").partition(":")[0].lower()
    with services.database.read() as session:
        account = find_named(session, host)
        identity = find_identity(session, services.identity.did)
    if account is not None:
        return Response(account.did, media_type="text/plain")
    if identity is None or services.settings.public_url.partition("://")[2].partition(":")[0] != host:
        raise Unknown("No account has this handle.")
    return Response(services.identity.did, media_type="text/plain")


@get("/plc/{did:str}", sync_to_thread=True)
def plc_document(services: Services, did: str) -> Response[Body]:
    """The DID document that the operations give."""
    return Response(services.directory.get_history(did).to_document(), media_type="application/did+ld+json")


@get("/plc/{did:str}/data", sync_to_thread=True)
def plc_data(services: Services, did: str) -> Body:
    """Keys, names and services, as the newest operation says."""
    return {"did": did, **services.directory.get_history(did).data.to_fields()}


@get("/plc/{did:str}/log", sync_to_thread=True)
def plc_log(services: Services, did: str) -> list[Body]:
    """The operations that stand."""
    return services.directory.get_history(did).operation_log()


@get("/plc/{did:str}/log/last", sync_to_thread=True)
def plc_last(services: Services, did: str) -> Body:
    """The newest operation that stands, which the next one names."""
    return dict(services.directory.get_history(did).head.value)


@get("/plc/{did:str}/log/audit", sync_to_thread=True)
def plc_audit(services: Services, did: str) -> list[Body]:
    """Every operation with its time, nullified ones included."""
    return services.directory.get_history(did).audit_log()


@post("/plc/{did:str}", status_code=200, sync_to_thread=True)
def plc_submit(services: Services, did: str, data: Body) -> Body:
    """Take a further operation of a known identity."""
    services.directory.accept(did, data)
    return {}


HANDLERS = (
    did_document, atproto_did,
    plc_document, plc_data, plc_log, plc_last, plc_audit, plc_submit,
)  # fmt: skip
