"""Settings: every one declared with a meaning, later sources win, mistakes name the key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from node.errors import ConfigurationError
from node.services.policy import Role
from node.settings.checks import PUBLIC_DIRECTORY, ROLES, check_settings, directory_url
from node.settings.declared import Settings, declared_settings
from node.settings.loading import load_settings


def _load(folder: Path, text: str = "", environment: dict[str, str] | None = None, **overrides: Any) -> Settings:
    (folder / "skillnet.toml").write_text(text, "utf-8")
    return load_settings(folder, environment or {}, overrides)[0]


@pytest.mark.parametrize("declared", declared_settings(), ids=lambda declared: declared.key)
def test_every_setting_has_a_section_a_meaning_and_a_variable(declared: Any) -> None:
    section, _, name = declared.key.partition(".")
    assert section
    assert name
    assert declared.key == declared.key.lower()
    assert len(declared.meaning) > 10
    assert declared.meaning.endswith((".", "?"))
    assert declared.variable == "SKILLNET_" + declared.key.upper().replace(".", "_")
    assert type(declared.default) in (str, int, bool, list)


def test_keys_and_variables_are_unique_and_every_field_is_declared() -> None:
    declared = declared_settings()
    assert len({item.key for item in declared}) == len({item.variable for item in declared}) == len(declared)
    fields = set(Settings.__dataclass_fields__) - {"data"}
    assert fields == {item.attribute for item in declared}


def test_what_looks_like_a_secret_is_declared_as_one() -> None:
    for item in declared_settings():
        if item.key.endswith(("_key", "password", "token")) or "database_url" in item.key:
            assert item.secret, item.key


def test_later_sources_win_and_say_where_a_value_came_from(tmp_path: Path) -> None:
    (tmp_path / "skillnet.toml").write_text('[server]\nport = 9001\nhost = "0.0.0.0"\n[node]\norganisation = "F"\n')
    environment = {"SKILLNET_SERVER_PORT": "9002", "SKILLNET_SERVER_HOST": "::1", "PATH": "/bin"}
    settings, origins = load_settings(tmp_path, environment, {"port": 9003})
    assert (settings.port, settings.host, settings.organisation, settings.theme) == (9003, "::1", "F", "default")
    assert origins["server.port"] == "command line"
    assert origins["server.host"] == "SKILLNET_SERVER_HOST"
    assert origins["node.organisation"] == "skillnet.toml"
    assert origins["pages.theme"] == "default"


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    settings, origins = load_settings(tmp_path, {})
    assert settings == Settings(data=tmp_path)
    assert set(origins.values()) == {"default"}


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        ("[server]\nport = 'many'", "server.port", "expected a whole number, found 'many'"),
        ("[server]\nport = true", "server.port", "expected a whole number"),
        ("[node]\nopen_reading = 'maybe'", "node.open_reading", "expected true or false"),
        ("[node]\nurl = 7", "node.url", "expected a text"),
        ("[federation]\nallow_private = [1]", "federation.allow_private", "expected a list of texts"),
        ("[server]\nprot = 1", "server.prot", "did you mean server.port?"),
        ("[sever]\nport = 1", "sever.port", "did you mean server.port?"),
        ("port = 1", "port", "unknown setting"),
        ("[server\n", "skillnet.toml", "not valid TOML"),
    ],
)
def test_a_broken_file_names_the_key(tmp_path: Path, text: str, key: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _load(tmp_path, text)
    assert caught.value.key == key
    assert says in caught.value.message
    assert caught.value.hint


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "skillnet.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match=r"skillnet\.toml"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("SKILLNET_SERVER_PROT", "SKILLNET_SERVER_PORT"),
        ("SKILLNET_DATABASE_URL", "SKILLNET_STORE_DATABASE_URL"),
        ("SKILLNET_DATA_FOLDER", ""),
    ],
)
def test_an_unknown_variable_is_refused_with_its_nearest(tmp_path: Path, name: str, nearest: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(tmp_path, {name: "x"})
    assert caught.value.key == name
    assert nearest in caught.value.message


def test_variables_of_the_command_line_and_the_tests_are_no_settings(tmp_path: Path) -> None:
    environment = dict.fromkeys(
        ("SKILLNET_DATA", "SKILLNET_PASSWORD", "SKILLNET_TEST_ANY", "SKILLNET_SHARED_DATA"), "x"
    )
    assert load_settings(tmp_path, environment)[0] == Settings(data=tmp_path)


@pytest.mark.parametrize(
    ("text", "value"), [("a:1, b:2 ,", ["a:1", "b:2"]), ("", []), ("localhost:8000", ["localhost:8000"])]
)
def test_a_list_in_a_variable_is_parted_by_commas(tmp_path: Path, text: str, value: list[str]) -> None:
    assert _load(tmp_path, "", {"SKILLNET_FEDERATION_ALLOW_PRIVATE": text}).allow_private == value


@pytest.mark.parametrize(("text", "value"), [("1", True), ("YES", True), ("off", False), ("false", False)])
def test_words_for_true_and_false(tmp_path: Path, text: str, value: bool) -> None:
    assert _load(tmp_path, "", {"SKILLNET_LOG_JSON": text}).log_json is value


@pytest.mark.parametrize(
    ("key", "overrides"),
    [
        ("node.url", {"url": "node.example"}),
        ("node.url", {"url": "ftp://node.example"}),
        ("node.url", {"url": "https://node.example/path"}),
        ("node.url", {"url": "http://node.example"}),
        ("node.url", {"url": "http://127.0.0.1:8000"}),
        ("server.port", {"port": 0, "url": "https://node.example"}),
        ("server.port", {"port": 70_000, "url": "https://node.example"}),
        ("log.level", {"log_level": "loud"}),
    ],
)
def test_values_that_cannot_be_served_name_the_key(tmp_path: Path, key: str, overrides: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_settings(Settings(data=tmp_path, **overrides))
    assert caught.value.key == key


def test_the_directory_is_the_nodes_own_on_localhost_and_the_public_one_elsewhere(tmp_path: Path) -> None:
    assert directory_url(Settings(data=tmp_path)) == ""
    assert directory_url(Settings(data=tmp_path, url="https://node.example")) == PUBLIC_DIRECTORY
    assert directory_url(Settings(data=tmp_path, plc_url="https://plc.example/")) == "https://plc.example"


def test_secrets_are_not_shown_by_the_command(tmp_path: Path) -> None:
    from tests.integration.fixtures.nodes import skillnet

    done = skillnet(
        "config", "--data", str(tmp_path), "--json", SKILLNET_STORE_DATABASE_URL="postgresql://me:planted@localhost/x"
    )
    assert done.returncode == 0, done.stderr
    assert "planted" not in done.stdout + done.stderr
    assert "SKILLNET_STORE_DATABASE_URL" in done.stdout


@pytest.mark.parametrize(
    ("entry", "says"),
    [("authors=practitionr", "Did you mean practitioner"), ("staff:worker", "group=role"), ("staff=node", "One of")],
)
def test_a_mistyped_role_of_a_group_is_named_before_the_node_starts(tmp_path: Path, entry: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_settings(Settings(data=tmp_path, sign_on_roles=["staff = worker", entry]))
    assert caught.value.key == "sign_on.roles"
    assert says in caught.value.words


def test_the_roles_of_the_settings_are_those_of_the_policy() -> None:
    assert set(ROLES) == set(Role)
