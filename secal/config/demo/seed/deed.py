"""A bailiff's deed on paper, for the demonstration: a PDF of one page with a few words."""

PAGE = "0 0 595 842"


def deed_paper(words: str) -> bytes:
    """These words on one page, in plain letters: the built-in font knows no others."""
    drawing = b"BT /F1 12 Tf 72 760 Td (" + words.encode("ascii", "replace") + b") Tj ET"
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [" + PAGE.encode() + b"] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n" % len(drawing) + drawing + b"\nendstream",
    )
    written, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\n" % (len(parts) + 1)
    return written + head + table + trailer + b"startxref\n%d\n%%%%EOF" % len(written)
