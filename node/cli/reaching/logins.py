"""A person's sign-ins to nodes, kept in their own configuration folder and readable by them alone."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from node.cli.reaching.folders import config_folder
from node.errors import Malformed, NotSignedIn, Unknown

FILE_NAME = "logins.json"


@dataclass(frozen=True, slots=True)
class Login:
    """One sign-in. `refresh` is set for hosts that speak only the protocol, whose tokens last minutes."""

    name: str
    url: str
    token: str
    did: str = ""
    refresh: str = ""

    @property
    def key(self) -> str:
        """How `--as` names it exactly."""
        return f"{self.name}@{self.url}"


class LoginBook:
    """All sign-ins; the newest is the current one."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or config_folder()) / FILE_NAME
        self.logins: list[Login] = _load(self.path)

    @property
    def current(self) -> Login | None:
        """What commands without `--as` use."""
        return self.logins[-1] if self.logins else None

    def find(self, named: str) -> list[Login]:
        """Sign-ins that `NAME`, `NAME@URL` or a DID may mean, newest first."""
        name, at, url = named.partition("@")
        wanted = normal_url(url) if at else ""
        return [
            login for login in reversed(self.logins)
            if (login.name == name and wanted in ("", login.url)) or login.did == named
        ]  # fmt: skip

    def get(self, named: str = "") -> Login:
        """The one sign-in meant. Raises NotSignedIn, or Unknown when several could be meant."""
        if not named:
            if self.current is None:
                raise NotSignedIn("You are not signed in to any node.", hint="`skillnet login URL --as NAME`")
            return self.current
        found = self.find(named)
        if not found:
            raise NotSignedIn(f"There is no sign-in as {named}.", hint=f"`skillnet login URL --as {named}`")
        if len(found) > 1:
            raise Unknown(
                f"{named} is signed in to {len(found)} nodes.", hint=f"Name the node too: {found[0].key}, for example."
            )
        return found[0]

    def keep(self, login: Login) -> None:
        """Add or replace a sign-in and make it the current one."""
        self.logins = [*(known for known in self.logins if known.key != login.key), login]
        self._save()

    def renew(self, login: Login, token: str, refresh: str) -> Login:
        """New tokens in the place of the old ones."""
        fresh = replace(login, token=token, refresh=refresh)
        self.logins = [fresh if known.key == login.key else known for known in self.logins]
        self._save()
        return fresh

    def drop(self, login: Login) -> None:
        """Forget a sign-in."""
        self.logins = [known for known in self.logins if known.key != login.key]
        self._save()

    def _save(self) -> None:
        save_private(self.path, json.dumps([asdict(login) for login in self.logins], indent=2) + "\n")


def save_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    aside.replace(path)


def normal_url(text: str) -> str:
    """A node's address: `https://` where nothing is said, `http://` on this machine. Raises Malformed."""
    local = text.startswith(("localhost", "127.", "[::1]"))
    given = text if "://" in text else f"{'http' if local else 'https'}://{text}"
    try:
        parts = urlsplit(given)
        host = parts.hostname or ""
        fits = parts.scheme in ("http", "https") and bool(host) and not set(host) & set(" \\%") and parts.port != 0
    except ValueError:
        fits = False
    if not fits or parts.username or parts.query or parts.fragment:
        raise Malformed(f"{text!r} is not the address of a node.", hint="For example https://node.example")
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def _load(path: Path) -> list[Login]:
    try:
        return [Login(**entry) for entry in json.loads(path.read_text("utf-8"))]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError) as error:
        raise Malformed(f"{path} is damaged.", hint="Delete it and sign in again.") from error
