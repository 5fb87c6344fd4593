"""Who uses the node: accounts for signing in, in every way there is, and workers' learning."""

from __future__ import annotations

from dataclasses import dataclass

from node.app.parts.curation import Curation
from node.app.parts.hosting import Hosting
from node.app.parts.storage import Storage
from node.services.audit import Audit
from node.services.learning.learning import Learning
from node.services.learning.lessons.language_model import LanguageModel
from node.services.leaving import Leaving
from node.services.people.invitations import Invitations
from node.services.people.jwt import JwtSigner
from node.services.people.mail import Mail
from node.services.people.passkeys import Passkeys
from node.services.people.registration import Registration
from node.services.people.registry import Registry
from node.services.people.second_factor import SecondFactor
from node.services.people.sign_on import SignOn
from node.services.people.tokens import Tokens
from node.settings.declared import Settings


@dataclass(frozen=True, slots=True)
class People:
    """Wired to one registry and one log of what operators did."""

    audit: Audit
    registry: Registry
    registration: Registration
    invitations: Invitations
    sign_on: SignOn
    passkeys: Passkeys
    mail: Mail
    learning: Learning
    leaving: Leaving


def set_up_people(settings: Settings, storage: Storage, hosting: Hosting, curation: Curation) -> People:
    """Everything that they need stands already."""
    database, sealer = storage.database, storage.sealer
    audit = Audit(database, settings.data)
    tokens = Tokens(database, settings.session_days, JwtSigner(sealer.derive("jwt"), hosting.identity.did))
    registry = Registry(database, tokens, SecondFactor(database, sealer), audit)
    model = LanguageModel.of(settings)
    learning = Learning(database, storage.vault, curation.shelf, curation.finder, model)
    return People(
        audit=audit,
        registry=registry,
        registration=Registration(settings, database, registry),
        invitations=Invitations(database, registry),
        sign_on=SignOn(settings, database, registry, audit, sealer),
        passkeys=Passkeys(settings, database, tokens),
        mail=Mail(settings, registry, audit),
        learning=learning,
        leaving=Leaving(database, storage.erasures, hosting.lifecycle, learning),
    )
