"""How one signs in: second factor, passkeys, sessions, keys for programs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from node.web.contexts.cards import Choice, FieldProblem
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """A session, key or passkey of this person."""

    name: Annotated[str, "The browser, or what the person called it"]
    scope: Annotated[str, "What a key may do, in words; '' elsewhere"]
    made_at: Annotated[datetime, "Since when"]
    expires_at: Annotated[datetime | None, "Until when, None without end"]
    here: Annotated[bool, "This very session"]
    end: Annotated[str, "Address that takes a POST and ends it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorPart:
    """The code that is asked for beside the password."""

    on: Annotated[bool, "It is asked for"]
    codes_left: Annotated[int, "Recovery codes not used"]
    begin: Annotated[str, "Address of the page that sets it up"]
    renew: Annotated[str, "Address for a POST of `code` that makes new recovery codes"]
    end: Annotated[str, "Address for a POST of `code` that switches it off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage(Page):
    """How this person signs in, and where they are signed in."""

    template: ClassVar[str] = "account.html"
    name: Annotated[str, "Name to sign in with"]
    prove: Annotated[str | None, "Address where the person shows once more who they are; None: they just did"]
    change_password: Annotated[str | None, "Address that takes a POST and leads to choosing one; None without one"]
    factor: Annotated[SecondFactorPart, "The second factor"]
    passkeys: Annotated[tuple[Entrance, ...], "Oldest first"]
    add_passkey: Annotated[str, "Address that gives options (GET) and takes the new passkey (POST)"]
    sign_on: Annotated[str, "Name of the organisation's single sign-on, '' without one"]
    sign_on_tied: Annotated[bool, "It leads to this account already"]
    tie: Annotated[str, "Address that leads there and back, to tie it to this account"]
    mail: Annotated[bool, "This node can send mail"]
    email: Annotated[str, "Where a new password's link is sent, '' when unknown"]
    save_email: Annotated[str, "Address for a POST of `email`"]
    sessions: Annotated[tuple[Entrance, ...], "Newest first"]
    end_others: Annotated[str, "Address that takes a POST and ends every session but this, and the feeds' addresses"]
    keys: Annotated[tuple[Entrance, ...], "Keys for programs, newest first"]
    scopes: Annotated[tuple[Choice, ...], "What a new key may do"]
    lifetimes: Annotated[tuple[Choice, ...], "How many days a new key holds"]
    make_key: Annotated[str, "Address for a POST of `name`, `scope` and `days`"]
    new_key: Annotated[str | None, "The key, shown once right after it was made"]
    feeds: Annotated[int, "Private addresses of feeds that are open"]
    new_feeds: Annotated[str, "Address of the page that makes new ones"]
    end_feeds: Annotated[str, "Address that takes a POST and ends them all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorPage(Page):
    """Setting up the second factor. Sends `pending` and `code`."""

    template: ClassVar[str] = "second_factor.html"
    action: Annotated[str, "Address that takes the POST"]
    pending: Annotated[str, "The sealed secret, until a code proves that the app has it"]
    picture: Annotated[str, "QR code, a data: URI"]
    secret: Annotated[str, "The same to type, in groups"]
    address: Annotated[str, "The same for an app on the device that shows the page, an otpauth: URI"]
    problems: Annotated[tuple[FieldProblem, ...], "Why the code was refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodesPage(Page):
    """New recovery codes, shown this once."""

    template: ClassVar[str] = "recovery_codes.html"
    codes: Annotated[tuple[str, ...], "Each works once"]
    back: Annotated[str, "Address of the account page"]
