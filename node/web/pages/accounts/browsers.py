"""What a person recognises a browser by: its name and system, and no more of what it says of itself."""

from __future__ import annotations

# The first that is found names it: browsers also name those that they descend from.
_PROGRAMS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


def name_of_browser(user_agent: str) -> str:
    """Like “Firefox on Windows”; the beginning of what it says where that is no browser's."""
    program = next((name for mark, name in _PROGRAMS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if not program:
        return user_agent.partition(" ")[0][:40]
    return f"{program} on {system}" if system else program
