"""The evidence of a confirmed review, made on demand: the same frozen lines give the same bytes."""

from itertools import groupby

from django.utils import translation

from secal.access.roles import Plane
from secal.office.letters import ReviewedRight, RightsReviewData, compose
from secal.register.models import Review, ReviewLine, Verdict
from secal.register.selectors.reviews import digest
from secal.register.wording import quarter_text, right_text


def document(found: Review, lines: list[ReviewLine], *, language: str) -> bytes:
    """The tagged PDF, dated on the day of the confirmation. Raises ValueError for a review without one."""
    if found.confirmed_by is None or found.confirmed_on is None:
        raise ValueError("a review that nobody confirmed is no evidence")
    with translation.override(language):
        quarter = quarter_text(found.period)
        data: RightsReviewData = {
            "dated": found.confirmed_on,
            "review": quarter,
            "opened": {"who": found.opened_by.display_name, "on": found.opened_on},
            "confirmed": {"who": found.confirmed_by.display_name, "on": found.confirmed_on},
            "groups": [
                {"plane": str(Plane(plane).label), "rows": [_row(line) for line in group]}
                for plane, group in groupby(sorted(lines, key=_by_plane), key=lambda line: line.plane)
            ],
            "sha256": digest(found, lines),
        }
        title = translation.gettext("Révision des droits d’accès, %(quarter)s") % {"quarter": quarter}
        return compose("rights_review", data=data, language=language, title=title)


def _by_plane(line: ReviewLine) -> tuple[int, int]:
    return list(Plane).index(Plane(line.plane)), line.place


def _row(line: ReviewLine) -> ReviewedRight:
    return {
        "name": line.holder_name,
        "section": line.section,
        "right": right_text(line.kind, line.what),
        "first": line.valid_from,
        "last": line.valid_until,
        "ends": line.verdict == Verdict.END,
        "by": line.decided_by.display_name if line.decided_by else "",
    }
