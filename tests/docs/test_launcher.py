"""The launcher on machines that lack something: one line, a hint, and nothing written where it should not be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "dirname", "readlink", "cksum", "cat", "mv", "grep")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout without its packages: what the launcher reads."""
    place = tmp_path / "a checkout"
    (place / ".ci").mkdir(parents=True)
    for name in ("skillnet", "test", "uv.lock", "pyproject.toml", ".ci/environment.sh"):
        shutil.copy(ROOT / name, place / name)
    return place


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of programs, the whole PATH of a very bare machine."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for tool in TOOLS:
        (programs / tool).symlink_to(shutil.which(tool))
    return programs


def put(machine: Path, name: str, script: str) -> None:
    program = machine / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def start(checkout: Path, machine: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(machine), "HOME": str(checkout.parent)} | more
    command = [str(checkout / "skillnet"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)


def test_no_python_new_enough(checkout: Path, machine: Path) -> None:
    put(machine, "python3", "exit 1")
    done = start(checkout, machine)
    assert done.returncode == 1
    assert "no Python 3.11 or newer was found" in done.stderr
    assert "apt install python3 python3-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_a_named_python_is_not_replaced_by_another(checkout: Path, machine: Path) -> None:
    put(machine, "python3", f'exec {sys.executable} "$@"')
    done = start(checkout, machine, PYTHON="/nowhere/python3")
    assert done.returncode == 1
    assert "PYTHON names '/nowhere/python3'" in done.stderr


def test_no_venv_module(checkout: Path, machine: Path) -> None:
    put(machine, "python3", f'case "$*" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"')
    done = start(checkout, machine)
    assert done.returncode == 1
    assert "has no venv module" in done.stderr
    assert "apt install python3-venv" in done.stderr


def test_no_network(checkout: Path, machine: Path) -> None:
    put(machine, "inside", 'case "$*" in *install*) echo "no route to host" >&2; exit 1;; esac')
    inside = f'mkdir -p "$4/bin" && cp {machine}/inside "$4/bin/python"'
    put(machine, "python3", f'case "$*" in "-m venv"*) PATH={os.environ["PATH"]}; {inside};; esac')
    done = start(checkout, machine)
    assert done.returncode == 1
    assert "could not be fetched from the package index" in done.stderr
    assert "The first run needs a network" in done.stderr
    assert done.stdout == ""
    assert not (checkout / ".venv" / ".made-from").exists()


def make_environment(checkout: Path, uses: str) -> None:
    """An environment that says it is complete, whose Python only repeats what it is asked."""
    programs = checkout / ".venv" / "bin"
    programs.mkdir(parents=True)
    put(programs, "python", 'echo "python $*"')
    sums = [
        subprocess.run(["cksum"], input=(checkout / name).read_bytes(), capture_output=True, check=True).stdout.decode()
        for name in ("uv.lock", "pyproject.toml")
    ]
    stamp = f"{uses}\n{checkout}\n{' '.join(text.strip() for text in sums)}\n"
    (checkout / ".venv" / ".made-from").write_text(stamp)


def test_a_complete_environment_is_used_at_once(checkout: Path, machine: Path) -> None:
    make_environment(checkout, "run")
    done = start(checkout, machine, "search", "a b")
    assert (done.returncode, done.stdout, done.stderr) == (0, "python -m node search a b\n", "")


def test_the_tests_tools_stay(checkout: Path, machine: Path) -> None:
    make_environment(checkout, "dev")
    assert start(checkout, machine, "demo").stdout == "python -m node demo\n"


def test_it_may_be_called_through_a_link(checkout: Path, machine: Path) -> None:
    make_environment(checkout, "run")
    link = machine / "skillnet"
    link.symlink_to(checkout / "skillnet")
    done = subprocess.run([link, "x"], env={"PATH": str(machine)}, capture_output=True, text=True, check=False)
    assert done.stdout == "python -m node x\n"


def test_a_changed_lock_file_means_a_new_environment(checkout: Path, machine: Path) -> None:
    make_environment(checkout, "run")
    (checkout / "uv.lock").write_text("another")
    done = start(checkout, machine)
    assert "setting up" in done.stderr


def test_a_folder_of_the_same_name_where_one_stands_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "node").mkdir()
    (tmp_path / "node" / "__main__.py").write_text("print('another')\n")
    command = [str(ROOT / "skillnet"), "--version"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.startswith("skillnet ")
