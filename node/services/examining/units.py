"""Commands for the services beside this process: systemd's units, or in a container those of deploy/compose.yaml."""

from __future__ import annotations

import os

IN_CONTAINER = bool(os.environ.get("container"))  # noqa: SIM112 - spelt so by systemd, Podman and deploy/Dockerfile
NODE, PROXY = "skillnet", "caddy"  # as units of systemd
_COMPOSE = "docker compose -f deploy/compose.yaml"  # in the checkout
_COMPOSED = {NODE: "node", PROXY: "proxy"}  # as deploy/compose.yaml calls them


def restart(unit: str, *, composed: bool = IN_CONTAINER) -> str:
    """Begins it anew."""
    return f"`{_COMPOSE} restart {_COMPOSED[unit]}`" if composed else f"`systemctl restart {unit}`"


def log(unit: str, more: str = "", *, composed: bool = IN_CONTAINER) -> str:
    """Shows what it said since yesterday; `more` follows the command."""
    shown = f"{_COMPOSE} logs --since 24h {_COMPOSED[unit]}" if composed else f"journalctl -u {unit} -S yesterday"
    return f"`{shown}{more}`"


def renew(*, composed: bool = IN_CONTAINER) -> str:
    """Brings the newest release in."""
    if composed:
        return f"`git pull && {_COMPOSE} build --pull node`"
    return "`git pull && ./skillnet --version` in a checkout, `pip install --upgrade skillnet-node` elsewhere"


def begin_anew(*, composed: bool = IN_CONTAINER) -> str:
    """After which what was changed is in use."""
    if composed:
        return f"Begin it anew: `{_COMPOSE} up -d --force-recreate node`."
    return f"Begin it anew: {restart(NODE, composed=False)}, or stop `skillnet serve` and start it."
