"""Dates, durations and numbers as a person reads them. Every word passes through the translation hook."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

Translate = Callable[[str], str]

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"})
SPANS = (
    (timedelta(days=365), "a year", "{n} years"),
    (timedelta(days=30), "a month", "{n} months"),
    (timedelta(days=1), "a day", "{n} days"),
    (timedelta(hours=1), "an hour", "{n} hours"),
    (timedelta(minutes=1), "a minute", "{n} minutes"),
    (timedelta(seconds=1), "a second", "{n} seconds"),
)


def direction(language: str) -> str:
    """`rtl` or `ltr`, from a BCP 47 tag: its script where it names one, its language otherwise."""
    parts = language.lower().split("-")
    if any(part in {"arab", "hebr", "thaa", "nkoo", "syrc"} for part in parts[1:]):
        return "rtl"
    return "ltr" if "latn" in parts[1:] or parts[0] not in RIGHT_TO_LEFT else "rtl"


def number(value: float) -> str:
    """Digits in groups of three, parted by a narrow space that does not break (ISO 80000-1)."""
    return f"{value:,}".replace(",", "\u202f")


def file_size(size: int) -> str:
    """Bytes in the largest unit that leaves at least one."""
    for unit, factor in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}".replace(".0 ", " ")
    return f"{size} B"


def machine_time(value: date | datetime) -> str:
    """For the `datetime` attribute of `<time>`; aware times in UTC to the second."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


class Wording:
    """The phrases of one language."""

    def __init__(self, translate: Translate) -> None:
        self._translate = translate

    def t(self, text: str, /, **values: object) -> str:
        """The text in this language with its {named} places filled."""
        return self._translate(text).format_map(values) if values else self._translate(text)

    def count(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The form of a phrase that fits a number; `{n}` is the number."""
        return self.t(one if n == 1 else many, n=number(n), **values)

    def day(self, value: date | datetime) -> str:
        """12 May 2026."""
        return self.t("{day} {month} {year}", day=value.day, month=self.t(MONTHS[value.month - 1]), year=value.year)

    def moment(self, value: datetime) -> str:
        """12 May 2026, 14:05 UTC."""
        return self.t("{day}, {time} UTC", day=self.day(value), time=value.astimezone(UTC).strftime("%H:%M"))

    def minutes(self, value: int) -> str:
        """12 min, 1 h 20 min."""
        hours, rest = divmod(value, 60)
        if not hours:
            return self.t("{n} min", n=rest)
        return self.t("{hours} h {n} min", hours=hours, n=rest) if rest else self.t("{hours} h", hours=hours)

    def span(self, value: timedelta) -> str:
        """About how long, in its largest unit: 'a minute', '3 days'."""
        for unit, one, many in SPANS:
            if value >= unit:
                return self.count(one, many, value // unit)
        return self.t("less than a second")

    def percent(self, share: float) -> str:
        """0..1 as whole percent."""
        return self.t("{n}\u00a0%", n=round(share * 100))

    def decimal(self, value: float) -> str:
        """Two digits behind the point, with a true minus sign."""
        return f"{value:.2f}".replace("-", "−")
