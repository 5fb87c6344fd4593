"""What the doctor proposes for services is typed where they run: at systemd's prompt, or beside compose.yaml."""

from __future__ import annotations

import re
from pathlib import Path

from node.services.examining import units

DEPLOY = Path(__file__).parents[3] / "deploy"


def test_a_container_is_told_of_the_services_of_compose() -> None:
    services = (DEPLOY / "compose.yaml").read_text()
    for unit in (units.NODE, units.PROXY):
        for said in (units.restart(unit, composed=True), units.log(unit, composed=True)):
            name = said.strip("`").split()[-1]
            assert said.startswith("`docker compose ")
            assert re.search(rf"^  {name}:$", services, re.MULTILINE)
        assert f"`systemctl restart {unit}`" == units.restart(unit, composed=False)
    for said in (units.renew(composed=True), units.begin_anew(composed=True)):
        assert "systemctl" not in said


def test_the_image_says_that_it_is_a_container() -> None:
    assert re.search(r"^ +container=oci$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
