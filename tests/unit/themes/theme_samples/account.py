"""How one signs in."""

from dataclasses import replace
from datetime import timedelta

from node.web.contexts.accounts.account import (
    AccountPage,
    Entrance,
    RecoveryCodesPage,
    SecondFactorPage,
    SecondFactorPart,
)
from node.web.contexts.cards import Choice, FieldProblem
from node.web.contexts.site import Page
from theme_samples import parts
from theme_samples.parts import NOW, site

HERE = Entrance(
    name="Firefox on Linux", scope="", made_at=NOW, expires_at=NOW + timedelta(days=14), here=True,
    end="/account/tokens/1/end",
)  # fmt: skip
ACCOUNT = AccountPage(
    site=site("/account", parts.PRACTITIONER),
    name="ines",
    prove=None,
    change_password="/account/password",
    factor=SecondFactorPart(
        on=True, codes_left=9, begin="/account/second-factor", renew="/account/recovery-codes",
        end="/account/second-factor/end",
    ),
    passkeys=(replace(HERE, name="phone", here=False, expires_at=None),),
    add_passkey="/account/passkeys",
    sign_on="Harbour ID",
    sign_on_tied=False,
    tie="/sign-in/with?tie=c2VhbGVk",
    mail=True,
    email="ines@example.com",
    save_email="/account/email",
    sessions=(HERE, replace(HERE, name="Safari on a phone", here=False)),
    end_others="/account/sessions/end",
    keys=(replace(HERE, name="backup script", scope="read what I may read", here=False),),
    scopes=(Choice(value="read", label="read what I may read", chosen=True),),
    lifetimes=(Choice(value="30", label="30 days"), Choice(value="90", label="90 days", chosen=True)),
    make_key="/account/keys",
    new_key="3q2-7wAkT0",
    feeds=2,
    new_feeds="/me/feeds",
    end_feeds="/account/feeds/end",
)  # fmt: skip


def pages() -> dict[str, Page]:
    """By file name."""
    off = replace(ACCOUNT, factor=replace(ACCOUNT.factor, on=False), new_key=None, feeds=0)
    return {
        "account": ACCOUNT,
        "account-first": off,
        "account-later": replace(off, prove="/sign-in/again?next=%2Faccount"),
        "second-factor": SecondFactorPage(
            site=site("/account/second-factor", parts.PRACTITIONER),
            action="/account/second-factor",
            pending="c2VhbGVk",
            picture="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E",
            secret="JBSW Y3DP EHPK 3PXP",
            address="otpauth://totp/Clinic%20north%3Aolga?secret=JBSWY3DPEHPK3PXP&issuer=Clinic%20north",
            problems=(FieldProblem(field="code", text="That is not the code."),),
        ),
        "recovery-codes": RecoveryCodesPage(
            site=site("/account/recovery-codes", parts.PRACTITIONER), codes=("abcde-fghjk", "mnpqr-stuvw"),
            back="/account",
        ),
    }  # fmt: skip
