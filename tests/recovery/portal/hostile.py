"""Papers that may not come in, each with the stage of the gate that has to stop it; and one that may."""

import io
import zlib
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String


def written(pdf: Pdf, **how: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **how)  # type: ignore[arg-type]
    return out.getvalue()


def plain(pages: int = 1) -> Pdf:
    pdf = pikepdf.new()
    for _page in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
    pdf.pages[0].Contents = Stream(pdf, b"BT /F1 12 Tf 72 720 Td (Exploit) Tj ET")
    return pdf


def good() -> bytes:
    """A deed as a scanner or a word processor makes it, with the names of its author and machine."""
    pdf = plain(2)
    pdf.docinfo["/Author"] = "Hugo Lambert"
    return written(pdf)


def _root(key: str, value: object) -> bytes:
    pdf = plain()
    pdf.Root[key] = value
    return written(pdf)


def _page(key: str, value: object) -> bytes:
    pdf = plain()
    pdf.pages[0].obj[key] = value
    return written(pdf)


def _annotation(**entries: Any) -> bytes:
    pdf = plain()
    marks = Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **entries)
    pdf.pages[0].Annots = Array([pdf.make_indirect(marks)])
    return written(pdf)


def _script() -> Dictionary:
    """Made anew for each paper: an object belongs to the file that it was put in, and goes with it."""
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def _attachment() -> bytes:
    pdf = plain()
    pdf.attachments["x.exe"] = b"MZ" * 20
    return written(pdf)


def _xfa() -> bytes:
    pdf = plain()
    pdf.Root.AcroForm = Dictionary(Fields=[], XFA=Stream(pdf, b"<xdp/>"))
    return written(pdf)


def _script_in_object_stream() -> bytes:
    pdf = plain()
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=[String("a"), pdf.make_indirect(_script())]))
    return written(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _filter(names: object) -> bytes:
    pdf = plain()
    stream = Stream(pdf, b"")
    stream.write(b"x", filter=names, type_check=False)  # type: ignore[arg-type]
    pdf.pages[0].Contents = stream
    return written(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)


def _outside_content() -> bytes:
    pdf = plain()
    stream = Stream(pdf, b"x")
    stream.stream_dict.F = String("/etc/passwd")
    pdf.pages[0].Contents = stream
    return written(pdf)


def _bomb() -> bytes:
    """Small to send, hundreds of megabytes once opened."""
    packer = zlib.compressobj(1)
    zeros = bytes(8 * 1024 * 1024)
    packed = b"".join(packer.compress(zeros) for _time in range(32)) + packer.flush()
    body = b"1 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
    return b"%PDF-1.7\n" + body + packed + b"\nendstream\nendobj\ntrailer\n<< >>\n%%EOF\n"


def _many_objects() -> bytes:
    pdf = plain()
    pdf.Root.Heap = Array([pdf.make_indirect(Dictionary(N=number)) for number in range(50_100)])
    return written(pdf)


def hostile() -> dict[str, tuple[bytes, str]]:
    """Name -> (bytes, code of the refusal)."""
    encrypted = written(plain(), encryption=pikepdf.Encryption(owner="o", user="u"))
    open_but_encrypted = written(plain(), encryption=pikepdf.Encryption(owner="o", user=""))
    return {
        "nothing": (b"", "empty"),
        "a program with another name": (b"MZ\x90\x00" + good(), "type"),
        "a page that is also a PDF": (b"<script>x</script>\n" + good(), "type"),
        "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "type"),
        "an archive after the end": (good() + b"PK\x03\x04" + bytes(64), "trailing"),
        "no end": (good()[:-8], "trailing"),
        "too large": (b"%PDF-1.7\n" + bytes(20 * 1024 * 1024) + b"%%EOF\n", "size"),
        "protected by a password": (encrypted, "encrypted"),
        "encrypted without a password": (open_but_encrypted, "encrypted"),
        "cut in the middle": (good()[:200] + b"\n%%EOF\n", "broken"),
        "an action at opening": (_root("/OpenAction", _script()), "active"),
        "additional actions of the document": (_root("/AA", Dictionary(WC=_script())), "active"),
        "additional actions of a page": (_page("/AA", Dictionary(O=_script())), "active"),
        "a named script in an object stream": (_script_in_object_stream(), "active"),
        "a link that launches": (
            _annotation(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("calc.exe"))),
            "active",
        ),
        "a link into another file": (
            _annotation(Subtype=Name.Link, A=Dictionary(S=Name.GoToR, F=String("x.pdf"))),
            "active",
        ),
        "a form that submits": (
            _annotation(Subtype=Name.Link, A=Dictionary(S=Name.SubmitForm, F=String("http://x"))),
            "active",
        ),
        "rich media": (_annotation(Subtype=Name.RichMedia), "active"),
        "a screen": (_annotation(Subtype=Name.Screen), "active"),
        "an XFA form": (_xfa(), "active"),
        "an attached program": (_attachment(), "attachment"),
        "a file pinned to a page": (_annotation(Subtype=Name.FileAttachment), "attachment"),
        "a portfolio": (_root("/Collection", Dictionary()), "attachment"),
        "content from elsewhere": (_outside_content(), "attachment"),
        "an unusual filter": (_filter(Name.LZWDecode), "filter"),
        "filters upon filters": (_filter(Array([Name.FlateDecode, Name.FlateDecode])), "filter"),
        "a bomb": (_bomb(), "bomb"),
        "more pages than anybody serves": (written(plain(501)), "pages"),
        "a heap of objects": (_many_objects(), "objects"),
    }
