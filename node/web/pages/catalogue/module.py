"""A module, read by anybody."""

from __future__ import annotations

from typing import Any, cast

from litestar import Response, get

from node.authoring.names import module_address
from node.services.assembly import Services
from node.services.policy import Action, Viewer, may
from node.store.content import catalogue
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.web.contexts.cards import Audience, Link, PersonLink
from node.web.contexts.catalogue.module import Attachment, ModulePage
from node.web.pages.cards import freshness_context, layer_of, level_of
from node.web.pages.catalogue.attribution import attribution_of
from node.web.pages.catalogue.explaining import explain
from node.web.pages.catalogue.item_actions import actions_of
from node.web.pages.catalogue.items import Shown, show_item, tool_words
from node.web.pages.catalogue.linked_data import learning_resource
from node.web.pages.catalogue.signed import find_retirement, signed_record, version_lines
from node.web.pages.catalogue.translations import offered, translations_of, wishes_in
from node.web.pages.endorsements.verdicts import as_drafted, endorse_form, endorsement_lines
from node.web.pages.labels import item_notices
from node.web.pages.links import did_of, href_of_item, licence_link, occupation_link, query_of, skill_link, task_link
from node.web.pages.names import Names
from node.web.pages.reading import AnyRequest, readable_by
from node.web.pages.rendering import cid_of, render_version
from node.web.presenting import site_of
from schemas.authority import MODULE


@get("/modules/{did:str}/{name:str}", sync_to_thread=True, include_in_schema=False)
def module_page(
    request: AnyRequest, services: Services, viewer: Viewer, did: str, name: str, version: str = ""
) -> Response[Any]:
    """The current version, or the one asked for by its key."""
    return show_item(request, services, viewer, (f"at://{did_of(did)}/{MODULE}/{name}", version), _page)


def _page(request: AnyRequest, services: Services, viewer: Viewer, session: Session, shown: Shown) -> ModulePage:
    item, audiences = shown.item, readable_by(services, viewer)
    author = shown.names.person(item.did)
    others = translations_of(session, item, audiences)
    return ModulePage(
        site=site_of(request, services, viewer),
        title=shown.text("title"),
        description=shown.text("description"),
        language=shown.text("language") or "en",
        body=render_version(services, shown.version),
        layer=layer_of(shown.text("layer")),
        level=level_of(shown.text("level")),
        minutes=cast(int | None, shown.value.get("minutes")),
        audience=cast(Audience, item.audience),
        author=author,
        licence=licence_link(shown.text("license")),
        tasks=tuple(task_link(code, shown.titles) for code in shown.words("tasks")),
        occupations=tuple(occupation_link(code) for code in shown.words("occupations")),
        skills=tuple(skill_link(code) for code in shown.words("skills")),
        requires=tuple(_requirement(session, item.did, code, audiences) for code in shown.words("requires")),
        tools=tool_words(shown.value.get("tools")),
        freshness=freshness_context(services.freshening.of([item.uri]).get(item.uri)),
        explanation=explain(services, session, item, shown.verdicts),
        endorse=as_drafted(
            endorse_form(session, viewer, item, shown.version.uri, shown.verdicts), request.query_params
        ),
        endorsements=endorsement_lines(services, shown.names, shown.verdicts, shown.versions, shown.titles),
        versions=version_lines(item, shown.versions),
        translations=others,
        offered=offered(item, others, wishes_in(request.headers.get("accept-language", ""))),
        attribution=attribution_of(session, shown.version, audiences),
        thanks=_thanks(session, shown),
        attachments=_attachments(shown),
        retired=find_retirement(session, item, audiences),
        record=signed_record(services, session, shown.version),
        actions=actions_of(session, viewer, item),
        notices=item_notices(services, session, item, shown.version),
        lesson=_lesson(viewer, item.uri) if not item.retired else None,
        linked_data=learning_resource(services.settings.public_url, shown, author),
    )


def _lesson(viewer: Viewer, uri: str) -> str | None:
    return "/me/lessons?" + query_of(module=uri) if may(viewer, Action.LEARN) else None


def _requirement(session: Session, did: str, code: str, audiences: Audiences) -> Link:
    """What to know first: a module by address or by the author's own name for it, or a skill."""
    found = catalogue.find_item(session, module_address(code, did), audiences)
    return Link(text=found.title, href=href_of_item(found.uri)) if found else skill_link(code)


def _thanks(session: Session, shown: Shown) -> tuple[PersonLink, ...]:
    names = Names(session, shown.words("contributors"))
    return tuple(names.person(did) for did in shown.words("contributors"))


def _attachments(shown: Shown) -> tuple[Attachment, ...]:
    """Files it carries, as downloads by the protocol's own address."""
    entries: Any = shown.value.get("attachments") or ()
    return tuple(
        Attachment(
            name=str(entry.get("path", "")),
            href=f"/files/{shown.item.did.replace('%', '%25')}/{cid_of(entry.get('blob'))}",
            size=int(entry.get("blob", {}).get("size", 0)),
        )
        for entry in entries
    )


HANDLERS = (module_page,)
