"""How a value is written on a page: a time, a digest, a number, a length.

Each function takes a value and gives text or safe markup. Units and time zones are always written.
None is written as “not known”, because an empty cell says nothing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from markupsafe import Markup

from muniment.web.spelling import spelled

NOT_KNOWN: Final = Markup('<span class="faint">not known</span>')

# Named here and not by the locale: pages are in English whatever the machine speaks.
_MONTHS: Final = tuple("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" "))  # noqa: SIM905 - one year, one line
_SIZES: Final = ("KB", "MB", "GB", "TB", "PB")
_HEX_SHOWN: Final = 12
_LONG_ID: Final = re.compile(r"(?P<sort>[a-z]{2,5}_)[0-9a-z]{20,40}")
_WHOLE_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_ID_END: Final = 8


def when(at: datetime | None) -> Markup:
    """Write a moment: to the minute in UTC, to the second on hover, exact for machines."""
    if at is None:
        return NOT_KNOWN
    return _moment(at, "minute", "%H:%M")


def exactly(at: datetime) -> Markup:
    """Write a moment to the second, for two changes may lie close together."""
    return _moment(at, "second", "%H:%M:%S")


def _moment(at: datetime, local: str, clock: str) -> Markup:
    utc = _in_utc(at)
    return Markup(
        '<time datetime="{iso}" title="{full}" data-local="{local}">{day}, {clock} UTC</time>'
    ).format(
        iso=utc.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        full=f"{utc:%Y-%m-%d %H:%M:%S} UTC",
        local=local,
        day=day_text(utc),
        clock=f"{utc:{clock}}",
    )


def day(at: datetime | None) -> Markup:
    """Write a date, without a time of day."""
    if at is None:
        return NOT_KNOWN
    utc = _in_utc(at)
    return Markup('<time datetime="{iso}">{day}</time>').format(
        iso=f"{utc:%Y-%m-%d}", day=day_text(utc)
    )


def day_text(at: datetime) -> str:
    """Write a date as plain text, for a label in a plot."""
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def short_digest(digest: str | None) -> Markup:
    """Write the two ends of a digest in groups of four; the whole of it on hover."""
    if digest is None:
        return NOT_KNOWN
    body = digest.removeprefix("sha256:")
    groups = [body[at : at + 4] for at in range(0, _HEX_SHOWN, 4)]
    shown = body if len(body) <= _HEX_SHOWN + 4 else f"{' '.join(groups)} … {body[-4:]}"
    return Markup('<code class="digest" title="{full}">{shown}</code>').format(
        full=digest, shown=shown
    )


def short_id(text: str) -> Markup:
    """Write an id as code; a long one by its sort and its last letters, the whole of it on hover.

    Ids of one moment begin alike, so the end is what tells them apart. A digest is shown by its two
    ends.
    """
    if _WHOLE_DIGEST.fullmatch(text):
        return short_digest(text)
    found = _LONG_ID.fullmatch(text)
    if found is None:
        return Markup("<code>{shown}</code>").format(shown=spelled(text))
    return Markup('<code class="id" title="{full}">{sort}…{end}</code>').format(
        full=text, sort=found["sort"], end=text[-_ID_END:]
    )


def count(number: int | None) -> Markup:
    """Write a whole number in groups of three."""
    return NOT_KNOWN if number is None else Markup(f"{number:,}")  # noqa: S704 - digits and commas


def duration(length: timedelta | float | None) -> Markup:
    """Write how long something took; a bare number is seconds."""
    if length is None:
        return NOT_KNOWN
    seconds = length.total_seconds() if isinstance(length, timedelta) else float(length)
    return Markup.escape(_duration_text(seconds))


def bytes_size(size_bytes: int | None) -> Markup:
    """Write a size in bytes, KB, MB … of a thousand each."""
    if size_bytes is None:
        return NOT_KNOWN
    if size_bytes < 1000:
        return Markup.escape(f"{size_bytes} bytes" if size_bytes != 1 else "1 byte")
    size = float(size_bytes)
    unit = "bytes"
    for unit in _SIZES:  # noqa: B007 - the last unit stays when the size outgrows the list
        size /= 1000
        if round(size, 1) < 1000:
            break
    return Markup.escape(f"{size:.1f} {unit}")


def _duration_text(seconds: float) -> str:
    if seconds < 0:
        return f"minus {_duration_text(-seconds)}"
    if seconds < 0.001:
        return f"{seconds * 1000:.2f} ms"
    if seconds < 0.01:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 10:
        return f"{seconds * 1000:,.0f} ms"
    if seconds < 60:
        return f"{seconds:.0f} s"
    return _long_duration_text(round(seconds))


def _long_duration_text(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} days {hours} h" if hours else f"{days} days"


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone; give the page an aware datetime")
    return at.astimezone(UTC)
