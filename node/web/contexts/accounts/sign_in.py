"""Coming in: sign in, and the first use of an account."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from node.web.contexts.cards import FieldProblem
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(Page):
    """Sends `name`, `password`, `next`."""

    template: ClassVar[str] = "sign_in.html"
    name: Annotated[str, "As typed before, '' at first"]
    next: Annotated[str, "Path to go on to"]
    register: Annotated[str | None, "Address of the page to register on, None where people are invited"]
    forgotten: Annotated[str | None, "Address of the page for a new password, None where no mail is sent"]
    sign_on: Annotated[str, "Name of the organisation's single sign-on, '' without one"]
    sign_on_url: Annotated[str, "Address that leads there"]
    problems: Annotated[tuple[FieldProblem, ...], "Why it was refused; never says which of the two was wrong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInAgainPage(Page):
    """Who is signed in shows once more who they are. Sends `name`, `password`, `next`, `again`."""

    template: ClassVar[str] = "sign_in_again.html"
    name: Annotated[str, "Name to sign in with"]
    next: Annotated[str, "Path to go on to"]
    password: Annotated[bool, "They have a password"]
    passkey: Annotated[bool, "They have a passkey"]
    sign_on: Annotated[str, "Name of the single sign-on that leads to this account, '' without one"]
    sign_on_url: Annotated[str, "Address that leads there, to sign in anew"]
    problems: Annotated[tuple[FieldProblem, ...], "Why it was refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOutPage(Page):
    """Who came by the single sign-on has signed out here, and may do so there."""

    template: ClassVar[str] = "signed_out.html"
    sign_on: Annotated[str, "What people call the single sign-on"]
    end: Annotated[str, "Address there that ends its session in this browser"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInCodePage(Page):
    """The second step, after the password. Sends `half`, `next`, `code`."""

    template: ClassVar[str] = "sign_in_code.html"
    action: Annotated[str, "Address that takes the POST"]
    half: Annotated[str, "Sealed proof that the password was right; good for ten minutes"]
    next: Annotated[str, "Path to go on to"]
    problems: Annotated[tuple[FieldProblem, ...], "Why the code was refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenPage(Page):
    """A link for a new password by mail. Sends `name`."""

    template: ClassVar[str] = "forgotten.html"
    action: Annotated[str, "Address that takes the POST"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstUsePage(Page):
    """Opened by an invitation or one-time link, or for who registers. Sends `name`, `password`."""

    template: ClassVar[str] = "first_use.html"
    action: Annotated[str, "Address that takes the POST; holds the one-time token"]
    name: Annotated[str, "Account name, fixed by the link or typed before"]
    name_fixed: Annotated[bool, "The link is for this account"]
    by_link: Annotated[bool, "Opened by a link; otherwise by who wants to register"]
    renews: Annotated[bool, "The account has a password, which this one takes the place of"]
    roles: Annotated[tuple[str, ...], "What the account may do, in words"]
    least: Annotated[int, "Least length of a password"]
    problems: Annotated[tuple[FieldProblem, ...], "What was not accepted"]
