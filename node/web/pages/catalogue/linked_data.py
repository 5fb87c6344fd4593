"""schema.org LearningResource (with LRMI's terms) of a module. Source: https://schema.org/LearningResource."""

from __future__ import annotations

from collections.abc import Mapping

from node.services import naming
from node.web.contexts.cards import PersonLink
from node.web.pages.catalogue.items import Shown
from node.web.pages.links import href_of_item

_KINDS = {"tool": "tutorial", "concept": "lesson", "capability": "practice"}


def learning_resource(url: str, shown: Shown, author: PersonLink) -> Mapping[str, object]:
    """Facts of the version shown; what it does not say is left out."""
    person = {"@type": "Person", "name": author.name, "identifier": shown.item.did}
    if author.organisation:
        person["affiliation"] = author.organisation
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": shown.text("title"),
        "description": shown.text("description"),
        "url": f"{url}{href_of_item(shown.item.uri)}",
        "identifier": shown.version.uri,
        "version": shown.version.cid,
        "inLanguage": shown.text("language"),
        "license": naming.licence_address(shown.text("license")) or shown.text("license"),
        "author": person,
        "datePublished": shown.text("createdAt"),
        "learningResourceType": _KINDS.get(shown.text("layer"), ""),
        "educationalLevel": shown.text("level"),
        "timeRequired": f"PT{shown.value['minutes']}M" if shown.value.get("minutes") else "",
        "teaches": [naming.skill_name(code) for code in shown.words("skills")],
        "competencyRequired": [naming.skill_name(code) for code in shown.words("requires")],
        "audience": [
            {"@type": "Audience", "audienceType": naming.occupation_name(code)} for code in shown.words("occupations")
        ],
        "expires": shown.text("reviewBy"),
        "isBasedOn": _basis(shown),
        "translationOfWork": shown.text("translationOf"),
        "isAccessibleForFree": True,
    }
    return {name: value for name, value in facts.items() if value not in ("", [], None)}


def _basis(shown: Shown) -> str:
    """The exact version that it was made from."""
    derived = shown.value.get("derivedFrom")
    return str(derived.get("uri", "")) if isinstance(derived, dict) else ""
