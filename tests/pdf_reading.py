"""Reads the text of our PDFs back from content streams and character maps, without an outside program."""

import io
import re

import pikepdf

_CHARS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_TRIPLE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


def text_of(pdf: bytes) -> str:
    """All text, page after page, white space folded to single spaces (no-break spaces too)."""
    return " ".join(pages_of(pdf))


def pages_of(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [" ".join(_page_text(page).split()) for page in document.pages]


def _page_text(page: pikepdf.Page) -> str:
    maps = {
        name: _unicode_map(font.ToUnicode.read_bytes())
        for name, font in page.resources.get("/Font", {}).items()
    }
    parts: list[str] = []
    current: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                current = maps[str(operands[0])]
            case "Tj":
                parts.append(_decoded(bytes(operands[0]), current))
            case "TJ":
                parts += [_decoded(bytes(o), current) for o in operands[0] if isinstance(o, pikepdf.String)]
            case "ET":
                parts.append(" ")
    return "".join(parts)


def _decoded(codes: bytes, unicode_map: dict[int, str]) -> str:
    return "".join(
        unicode_map.get(int.from_bytes(codes[i : i + 2]), "\ufffd") for i in range(0, len(codes), 2)
    )


def _unicode_map(cmap: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    for block in _CHARS.findall(cmap):
        for code, text in _PAIR.findall(block):
            found[int(code, 16)] = _utf16(text)
    for block in _RANGES.findall(cmap):
        for first, last, text in _TRIPLE.findall(block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = chr(ord(_utf16(text)) + step)
    return found


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be")
