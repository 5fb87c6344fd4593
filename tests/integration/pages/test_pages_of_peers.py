"""What an operator is told of a host that was just followed."""

from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from node.app.compose import compose
from node.services.policy import Role
from node.settings.declared import Settings
from tests.integration.fixtures.nodes import app_of, free_port, live
from tests.integration.pages.conftest import Stage


def test_a_host_that_does_not_answer_is_followed_and_said_not_to(tmp_path: Path, read: Any) -> None:
    silent = f"localhost:{free_port()}"
    with live(tmp_path / "other") as other:
        allowed = [silent, other.url.removeprefix("http://")]
        (tmp_path / "node").mkdir()
        settings = Settings(data=tmp_path / "node", url="http://localhost:18201", allow_private=allowed)
        services = compose(settings)
        with TestClient(app_of(services), base_url="http://127.0.0.1:18201") as client:
            stage = Stage(services, client)
            stage.add("olga", Role.OPERATOR)
            olga = stage.browser("olga")
            mistyped = read(olga.submit("/admin/peers", url=f"http://{silent}"))
            assert f"http://{silent} does not answer yet:" in mistyped
            assert "from now on" not in mistyped
            said = read(olga.submit("/admin/peers", url=other.url))
            assert f"This node follows {other.services.settings.organisation} from now on." in said
