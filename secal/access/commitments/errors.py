"""Why a commitment is not taken down."""

from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import DomainError


class TextNotInForce(DomainError):
    """Another version came into force since the page was opened, or the version was never ours."""

    def __init__(self) -> None:
        super().__init__(
            "commitment.not_in_force",
            _("Ce n’est pas la version en vigueur de ce texte. Lisez celle qui est affichée maintenant."),
        )


class TextIsAnother(DomainError):
    """The digest given is not that of the text in that language."""

    def __init__(self) -> None:
        super().__init__(
            "commitment.other_text",
            _("Le texte accepté n’est pas celui qui est affiché. Lisez-le et recommencez."),
        )
