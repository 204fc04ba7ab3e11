"""The search for residue outside the database: in the logs that the application writes, and in the broker.

Addresses in a log may name a file that was erased: an identifier that points at nothing any more. A value or
a name of somebody is never there, and one that is holds the certificate back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from redis import Redis

from audit.retention.scan import Hit, Scan, Sought
from secal.office.keeping import Trace, TraceKind

PERSONAL = (TraceKind.TEXT, TraceKind.NAME)
CLEAR = (TraceKind.TEXT, TraceKind.NAME, TraceKind.IDENTIFIER)
LARGEST = 64 * 1024 * 1024
"""Bytes of a file that are read at a time."""


def search_too(scan: Scan, sought: Sequence[Sought]) -> Scan:
    """The scan of the database, with what lies outside it. Raises OSError, RedisError: what cannot be read is
    no proof."""
    folder = Path(settings.STATE_DIR) / "logs"
    hits = {unit: list(found) for unit, found in scan.hits.items()}
    for one in sought:
        traces = [trace for trace in one.traces if trace.kind in PERSONAL]
        places = [("logs", path.name) for path in in_files(folder, traces)]
        places += [("broker", "payload") for _key in in_broker(settings.REDIS_URL, traces)]
        hits.setdefault(one.unit_id, []).extend(
            Hit(table, column, TraceKind.TEXT, 1) for table, column in places
        )
    return replace(scan, hits=hits)


def in_bytes(raw: bytes, traces: Sequence[Trace]) -> list[Trace]:
    """Which of these traces lie in clear in a file, a message or a payload."""
    text = raw.decode("utf-8", "replace").casefold()
    compact = re.sub(r"[-./ ]", "", text)
    return [
        trace
        for trace in traces
        if trace.kind in CLEAR
        and (trace.value.casefold() in text or re.sub(r"[-./ ]", "", trace.value.casefold()) in compact)
    ]


def in_files(folder: Path, traces: Sequence[Trace], *, leave_out: Collection[str] = ()) -> list[Path]:
    """Files under a folder that hold one of these traces; `leave_out` names folders that are not read."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not set(path.relative_to(folder).parts) & set(leave_out)
        and any(in_bytes(part, traces) for part in _parts(path))
    ]


def in_broker(url: str, traces: Sequence[Trace]) -> list[str]:
    """Keys of the broker whose name or content holds one of these traces."""
    with Redis.from_url(url) as broker:
        return sorted(
            key.decode("utf-8", "replace")
            for key in broker.scan_iter()
            if in_bytes(key + b"\n" + b"\n".join(_contents(broker, key)), traces)
        )


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as opened:
        while part := opened.read(LARGEST):
            yield part


def _contents(broker: Any, key: bytes) -> Iterator[bytes]:
    """Everything that a key holds, whatever its kind."""
    kind = broker.type(key)
    if kind == b"string":
        yield broker.get(key) or b""
    elif kind == b"list":
        yield from broker.lrange(key, 0, -1)
    elif kind == b"set":
        yield from broker.smembers(key)
    elif kind == b"zset":
        yield from broker.zrange(key, 0, -1)
    elif kind == b"hash":
        for name, value in broker.hgetall(key).items():
            yield name
            yield value
    elif kind == b"stream":
        for _entry, fields in broker.xrange(key):
            yield from (part for pair in fields.items() for part in pair)
