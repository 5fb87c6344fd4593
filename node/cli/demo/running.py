"""The demonstration itself: built, served and, when asked, proved."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from node.cli.demo.cast import load_cast
from node.cli.demo.filling import PASSWORD, Filling
from node.cli.demo.report import Report, Result
from node.cli.demo.stage import StagedNode
from node.cli.demo.story import Story
from node.cli.terminal.output import show, show_json

BUILT = "demo-built.json"
INTERRUPTED = 130


def run_demo(folder: Path, port: int, *, check: bool, as_json: bool) -> int:
    """Its exit code; a report is JSON for whoever asks for it and for programs. Raises PortTaken, NodeDied."""
    os.umask(0o077)
    console = Console(stderr=True, highlight=False)
    nodes = [StagedNode(org, folder / org.key, port + number) for number, org in enumerate(load_cast())]
    for node in nodes:
        node.claim()
    try:
        with _orderly(nodes):
            console.print(f"Starting three nodes on ports {port} to {port + 2} …")
            for node in nodes:
                node.start()
            for node in nodes:
                node.wait()
            _fill(nodes, folder, console)
            if check:
                return _check(nodes, console, as_json=as_json)
            show(_facts(nodes), as_json=as_json, lines=_invitation(nodes))
            sys.stdout.flush()
            _keep(nodes)
    except KeyboardInterrupt:
        if check:
            print(json.dumps({"ok": False, "steps": []}))
            return INTERRUPTED
    return 0


@contextlib.contextmanager
def _orderly(nodes: list[StagedNode]) -> Iterator[None]:
    """Whatever happens, the nodes are stopped. Ctrl-C, SIGTERM and a closed terminal are the ordinary ends."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    try:
        yield
    finally:
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, signal.SIG_IGN)  # a second Ctrl-C must not leave one running
        for node in nodes:
            node.stop()


def _keep(nodes: list[StagedNode]) -> None:
    """Serve until told to stop. Raises NodeDied when one of the nodes ends by itself."""
    while True:
        for node in nodes:
            node.check()
        time.sleep(1)


def _fill(nodes: list[StagedNode], folder: Path, console: Console) -> None:
    """Build the network once; a build that was interrupted goes on where it stopped."""
    built = folder / BUILT
    if built.exists() and json.loads(built.read_text("utf-8")).get("port") == nodes[0].port:
        return
    steps = list(Filling(nodes, folder, time.time_ns() // 1000).steps())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("building", total=len(steps))
        for step in steps:
            progress.update(bar, description=f"{step.name:<42}")
            step.do()
            progress.advance(bar)
    built.write_text(json.dumps({"port": nodes[0].port}), "utf-8")


def _check(nodes: list[StagedNode], console: Console, *, as_json: bool) -> int:
    def tell(result: Result) -> None:
        console.print(
            f"{'ok ' if result.ok else 'FAILED'} {result.ms:6d} ms  {result.name}: {result.detail}", markup=False
        )

    report = Report(on_result=tell)
    try:
        for name, step in Story(nodes, time.time_ns() // 1000).steps():
            report.run(name, step)
    except KeyboardInterrupt:
        show_json({**report.to_json(), "ok": False})
        return INTERRUPTED
    if as_json or not sys.stdout.isatty():
        show_json(report.to_json())
    else:  # a person has read every step already
        well = sum(result.ok for result in report.results)
        print(f"{well} of {len(report.results)} steps went well.")
    return 0 if report.ok else 1


def _facts(nodes: list[StagedNode]) -> dict[str, Any]:
    """Where to look, for a program."""
    shown = [
        {
            "organisation": node.organisation.name,
            "url": node.url,
            "workers": [worker["name"] for worker in node.organisation.workers],
            "practitioners": [person["name"] for person in node.organisation.practitioners],
            "operatorLink": _operator_link(node),
        }
        for node in nodes
    ]
    return {"nodes": shown, "password": PASSWORD}


def _operator_link(node: StagedNode) -> str:
    from node.services.people.first_link import find_first_link

    return find_first_link(node.data)


def _invitation(nodes: list[StagedNode]) -> list[str]:
    """Where to look and what to try."""
    lines = ["", "Three organisations, three nodes, one network:", ""]
    for node in nodes:
        workers = ", ".join(worker["name"] for worker in node.organisation.workers)
        authors = ", ".join(person["name"] for person in node.organisation.practitioners)
        lines += [
            f"  {node.url}  {node.organisation.name}",
            f"     workers: {workers}",
            f"     practitioners: {authors}",
        ]
    lines += ["", f"Everybody's password is: {PASSWORD}"]
    links = ((node.organisation.name, _operator_link(node)) for node in nodes)
    lines += [f"  {name}, as operator: {link}" for name, link in links if link]
    first = nodes[0].organisation.workers[0]["name"]
    return [
        *lines,
        "",
        f"Try: sign in at {nodes[0].url} as {first} and open Today; then as a practitioner and endorse a module.",
        "You may be signed in to all three at once. Ctrl-C stops; the next start is instant.",
        "",
    ]
