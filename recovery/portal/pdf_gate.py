"""The gate for papers that come from outside: a plain PDF or nothing, and never the bytes that were sent.

`examine` runs the examination in a process of its own with little memory and time, so that a file made to
exhaust us exhausts that process only. The process knows no setting, no secret and no database: it reads the
file from its input and writes a new PDF, made of the same pages, to its output. Doubt, error or silence
refuse.
"""

import io
import os
import re
import resource
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

LARGEST = 20 * 1024 * 1024
LARGEST_OPENED = 200 * 1024 * 1024
"""Bytes of all streams of a file once decompressed."""
MOST_PAGES = 500
MOST_OBJECTS = 50_000
DEEPEST = 60
SECONDS = 30
MEMORY = 1024 * 1024 * 1024
REFUSED = 3
"""Exit code of the examining process for a file that it refused; the code is on its error output."""

START = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n ]")
END = re.compile(rb"%%EOF(?:\r\n|\r|\n)?\Z")
STREAM = re.compile(rb"stream\r?\n")

ACTIVE_KEYS = frozenset({
    "/JS", "/JavaScript", "/OpenAction", "/AA", "/Launch", "/XFA", "/RichMedia", "/RichMediaContent",
    "/RichMediaSettings", "/Rendition", "/Renditions", "/Movie", "/Sound", "/3DD", "/NeedsRendering",
})  # fmt: skip
ATTACHMENT_KEYS = frozenset({"/EmbeddedFile", "/EmbeddedFiles", "/EF", "/AF", "/Collection"})
ACTIVE_ACTIONS = frozenset({
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToR", "/GoToE", "/Rendition", "/Movie",
    "/Sound", "/RichMediaExecute", "/GoTo3DView", "/ResetForm", "/Hide", "/SetOCGState",
})  # fmt: skip
ACTIVE_SUBTYPES = frozenset({"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})
ATTACHMENT_NAMES = frozenset({"/FileAttachment", "/EmbeddedFile", "/Filespec"})
FILTERS = frozenset({"/FlateDecode", "/DCTDecode", "/CCITTFaxDecode", "/JBIG2Decode", "/JPXDecode",
                     "/ASCII85Decode", "/ASCIIHexDecode", "/RunLengthDecode"})  # fmt: skip


class GateRefused(Exception):
    """The file may not come in. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def examine(content: bytes) -> bytes:
    """A new PDF with the pages of this one, and nothing else of it. Raises GateRefused."""
    check_envelope(content)
    try:
        # Isolated: neither the environment, nor the current directory, nor what is installed for a user.
        done = subprocess.run(  # noqa: S603 - our own file, under this very interpreter
            [sys.executable, "-I", str(Path(__file__).resolve())],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise GateRefused("time") from error
    if done.returncode == REFUSED:
        raise GateRefused(done.stderr.decode("ascii", "replace").strip().splitlines()[-1])
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise GateRefused("broken")
    return done.stdout


def check_envelope(content: bytes) -> None:
    """What is seen without opening the file. Raises GateRefused: empty, size, type, trailing, bomb."""
    if not content:
        raise GateRefused("empty")
    if len(content) > LARGEST:
        raise GateRefused("size")
    if not START.match(content):
        raise GateRefused("type")
    if not END.search(content[-16:]):
        raise GateRefused("trailing")
    _check_inflation(content)


def rewrite(content: bytes) -> bytes:
    """Open, examine every object, and write anew. In the examining process only. Raises GateRefused."""
    import pikepdf

    try:
        document = pikepdf.open(io.BytesIO(content), attempt_recovery=False)
    except pikepdf.PasswordError as error:
        raise GateRefused("encrypted") from error
    except (pikepdf.PdfError, ValueError) as error:
        raise GateRefused("broken") from error
    with document:
        if document.is_encrypted or "/Encrypt" in document.trailer:
            raise GateRefused("encrypted")
        if len(document.objects) > MOST_OBJECTS:
            raise GateRefused("objects")
        for found in (document.trailer, *document.objects):
            _check_object(found, 0)
        if not 1 <= len(document.pages) <= MOST_PAGES:
            raise GateRefused("pages")
        if document.get_warnings():
            raise GateRefused("broken")
        return _written(document)


def _written(document: Any) -> bytes:
    """Without what programs put beside the pages: names of authors and machines, properties, old versions."""
    if "/Info" in document.trailer:
        del document.trailer["/Info"]
    for key in ("/Metadata", "/PieceInfo"):
        if key in document.Root:
            del document.Root[key]
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def _check_inflation(content: bytes) -> None:
    """Decompress whatever may be a compressed stream, a little at a time, and stop at the limit."""
    opened = 0
    for found in STREAM.finditer(content):
        reader = zlib.decompressobj()
        place = found.end()
        try:
            rest = content[place : place + 65536]
            while rest and not reader.eof:
                piece = reader.decompress(rest, 1024 * 1024)
                opened += len(piece)
                if opened > LARGEST_OPENED:
                    raise GateRefused("bomb")
                rest = reader.unconsumed_tail
                if not rest:
                    place += 65536
                    rest = content[place : place + 65536]
        except zlib.error:
            # Not compressed in this way; what the filters may be is checked with the objects.
            continue


def _check_object(found: Any, depth: int) -> None:
    import pikepdf

    if depth > DEEPEST:
        raise GateRefused("objects")
    if isinstance(found, pikepdf.Stream):
        _check_filters(found)
        _check_entries(found.stream_dict, depth)
    elif isinstance(found, pikepdf.Dictionary):
        _check_entries(found, depth)
    elif isinstance(found, pikepdf.Array):
        for item in found:
            if not getattr(item, "is_indirect", False):
                _check_object(item, depth + 1)


def _check_entries(entries: Any, depth: int) -> None:
    keys = set(entries.keys())
    if keys & ACTIVE_KEYS:
        raise GateRefused("active")
    if keys & ATTACHMENT_KEYS:
        raise GateRefused("attachment")
    if str(entries.get("/S", "")) in ACTIVE_ACTIONS:
        raise GateRefused("active")
    named = {str(entries.get(key, "")) for key in ("/Type", "/Subtype")}
    if named & ACTIVE_SUBTYPES:
        raise GateRefused("active")
    if named & ATTACHMENT_NAMES:
        raise GateRefused("attachment")
    for item in entries.values():
        if not getattr(item, "is_indirect", False):
            _check_object(item, depth + 1)


def _check_filters(stream: Any) -> None:
    import pikepdf

    if "/F" in stream.stream_dict:
        # The content lies in another file.
        raise GateRefused("attachment")
    named = stream.stream_dict.get("/Filter", [])
    filters = (
        [str(name) for name in named] if isinstance(named, pikepdf.Array) else [str(named)] if named else []
    )
    if not set(filters) <= FILTERS or len(filters) > 2 or filters.count("/FlateDecode") > 1:
        raise GateRefused("filter")


def main() -> int:
    """Read a PDF, write it anew; exit code 3 with the reason for one that is refused."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    try:
        written = rewrite(sys.stdin.buffer.read())
    except GateRefused as refusal:
        os.write(2, refusal.code.encode())
        return REFUSED
    sys.stdout.buffer.write(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
