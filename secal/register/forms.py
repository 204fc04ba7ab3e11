"""The forms of the register. A national number that is typed here is an index before anything else."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from secal.access.identities import NumberIndexes, number_indexes
from secal.access.models import Office
from secal.access.roles import PLANE_OF_ROLE, Mission, Plane, Role
from secal.kernel.errors import DomainError
from secal.kernel.identifiers import parse_niss
from secal.office.fields import DayField, ReadField, plain_text
from secal.register.services.appointing import Wanted
from secal.register.wording import REASONS


class Refusable(forms.Form):
    """Shows a refusal of the register where it belongs."""

    def refuse(self, error: DomainError) -> None:
        self.add_error(error.field if error.field in self.fields else None, error.text(gettext))


class NeverShownBack(forms.TextInput):
    """What was typed does not come back in the page, not even beside its own error."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, None, attrs)


class NissIndexField(ReadField):
    """Eleven digits, read as their blind index at once; its errors name no digit."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"size": 16, "inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(
            widget=NeverShownBack(attrs=attributes),
            required_text=_("Indiquez le numéro de registre national (11 chiffres)."),
            help_text=_("11 chiffres, avec ou sans points. Gardé comme empreinte, jamais remontré."),
            **kwargs,
        )

    def read(self, text: str) -> NumberIndexes:
        try:
            return number_indexes(parse_niss(text))
        except DomainError as error:
            raise ValidationError(
                _(
                    "Ce qui a été tapé n’est pas un numéro de registre national : onze chiffres, dont deux "
                    "de contrôle. Il n’est pas remontré : tapez-le à nouveau d’après la carte d’identité."
                ),
                code=error.code,
            ) from None


class NewPersonForm(Refusable):
    """Who somebody is. Nothing here says whether they are known before all of it is right."""

    given_name = plain_text(_("Prénom"), _("Indiquez le prénom, comme sur la carte d’identité."))
    family_name = plain_text(_("Nom"), _("Indiquez le nom, comme sur la carte d’identité."))
    niss = NissIndexField(label=_("NISS"))
    subject = plain_text(
        _("Identifiant fédéral"),
        _("Indiquez l’identifiant que le service fédéral d’authentification donne à cette personne."),
        longest=120,
        help_text=_("Celui que le service fédéral d’authentification communique à la connexion."),
    )
    language = forms.ChoiceField(label=_("Langue"), choices=settings.LANGUAGES, initial="fr")


class DaysForm(Refusable):
    """From which day, until which; never from a day that is past."""

    valid_from = DayField(label=_("Premier jour"))
    valid_until = DayField(
        label=_("Dernier jour"),
        required=False,
        help_text=_("Jour compris. Vide : sans terme prévu ; la révision trimestrielle y revient."),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_valid_from(self) -> date:
        first: date = self.cleaned_data["valid_from"]
        if first < self.on:
            raise ValidationError(
                _(
                    "Lu : le %(first)s, un jour passé. Un droit vaut au plus tôt du jour où il est inscrit : "
                    "indiquez le %(today)s ou un jour suivant."
                ),
                code="right.past",
                params={"first": _day(first), "today": _day(self.on)},
            )
        return first

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        first, last = filled.get("valid_from"), filled.get("valid_until")
        if first and last and last < first:
            self.add_error(
                "valid_until",
                gettext(
                    "Lu : du %(first)s au %(last)s. Le dernier jour précède le premier : "
                    "corrigez l’un des deux."
                )
                % {"first": _day(first), "last": _day(last)},
            )
        return filled


class AppointForm(DaysForm):
    """A whole appointment: plane, section or office, roles, missions, days."""

    plane = forms.ChoiceField(
        label=_("Domaine"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez le domaine : une personne n’en a qu’un à la fois.")},
    )
    section = plain_text(
        _("Section"),
        "",
        required=False,
        help_text=_("Où la personne travaille. Au portail, l’étude en tient lieu."),
    )
    new_section = forms.BooleanField(
        label=_("C’est une nouvelle section"),
        required=False,
        help_text=_("À cocher quand personne n’y travaille encore."),
    )
    office = forms.ModelChoiceField(
        label=_("Étude"),
        queryset=Office.objects.none(),
        required=False,
        empty_label=_("Aucune"),
        help_text=_("Pour le portail des huissiers, et seulement là."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Rôles d’accès"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins un rôle : sans rôle, personne n’entre.")},
    )
    missions = forms.MultipleChoiceField(
        label=_("Missions"),
        choices=Mission.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("De quoi l’agent est expressément chargé. Pour le traitement, et seulement là."),
    )
    decision = plain_text(
        _("Note qui charge l’agent"),
        "",
        required=False,
        longest=120,
        help_text=_("Exigée dès qu’une mission est cochée. Sa référence : par exemple 2026/114."),
    )
    field_order = [
        "plane",
        "section",
        "new_section",
        "office",
        "roles",
        "missions",
        "decision",
        "valid_from",
        "valid_until",
    ]

    def __init__(self, *args: Any, planes: frozenset[Plane], sections: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = sections
        kept = [plane for plane in Plane if plane in planes]
        roles = [role for role in Role if PLANE_OF_ROLE[role] in planes]
        named: dict[str, Any] = self.fields
        named["plane"].choices = [(plane.value, plane.label) for plane in kept]
        named["roles"].choices = [(role.value, role_label(role)) for role in roles]
        named["section"].widget.attrs["list"] = "sections"
        named["office"].queryset = Office.objects.filter(is_active=True).order_by("name")
        if Plane.PORTAL not in planes:
            del self.fields["office"]
        if Plane.CASEWORK not in planes:
            del self.fields["missions"], self.fields["decision"]
        if len(kept) == 1:
            self.initial.setdefault("plane", kept[0].value)

    def clean(self) -> dict[str, Any]:
        filled = super().clean()
        if plane := filled.get("plane"):
            self._check_place(Plane(plane), filled)
            self._check_roles(Plane(plane), filled)
            self._check_missions(Plane(plane), filled)
        return filled

    def _check_place(self, plane: Plane, filled: dict[str, Any]) -> None:
        office = filled.get("office")
        if plane is Plane.PORTAL:
            if office is None and "office" not in self.errors:
                self.add_error(
                    "office", gettext("Choisissez l’étude : au portail, on travaille pour une étude.")
                )
            return
        if office is not None:
            self.add_error(
                "office",
                gettext(
                    "« %(office)s » est une étude, et le domaine choisi est « %(plane)s » : "
                    "laissez « Aucune »."
                )
                % {"office": office.name, "plane": plane.label},
            )
        if "section" not in self.errors:
            self._check_section(filled)

    def _check_section(self, filled: dict[str, Any]) -> None:
        """One that exists, in its one spelling; a new one is said to be new: a slip would make a section of
        one person, to whom nobody could give a file."""
        typed = (filled.get("section") or "").strip()
        known = {one.casefold(): one for one in self.sections}.get(typed.casefold())
        filled["section"] = known or typed
        if not typed:
            self.add_error("section", gettext("Indiquez la section où la personne travaille."))
        elif known is None and not filled.get("new_section"):
            self.add_error(
                "section",
                gettext(
                    "Lu : « %(typed)s ». Personne n’y travaille. Sections connues : %(known)s. Corrigez, ou "
                    "cochez « C’est une nouvelle section »."
                )
                % {"typed": typed, "known": ", ".join(self.sections) or "–"},
            )

    def _check_roles(self, plane: Plane, filled: dict[str, Any]) -> None:
        for role in map(Role, filled.get("roles") or []):
            if PLANE_OF_ROLE[role] is not plane:
                self.add_error(
                    "roles",
                    gettext(
                        "« %(role)s » est un rôle du domaine « %(other)s », et le domaine choisi est "
                        "« %(plane)s » : décochez ce rôle, ou changez de domaine."
                    )
                    % {"role": role.label, "other": PLANE_OF_ROLE[role].label, "plane": plane.label},
                )

    def _check_missions(self, plane: Plane, filled: dict[str, Any]) -> None:
        missions = filled.get("missions")
        if missions and plane is not Plane.CASEWORK:
            self.add_error(
                "missions",
                gettext("Le domaine « %(plane)s » n’a pas de mission : décochez-les.")
                % {"plane": plane.label},
            )
        elif missions and not (filled.get("decision") or "").strip():
            self.add_error("decision", gettext("Indiquez la note qui charge cet agent."))

    def wanted(self) -> Wanted:
        filled = self.cleaned_data
        office = filled.get("office")
        return Wanted(
            plane=Plane(filled["plane"]),
            section=office.arrondissement if office else filled["section"],
            office_id=office.pk if office else None,
            roles=[Role(role) for role in filled["roles"]],
            missions=[Mission(mission) for mission in filled.get("missions") or []],
            decision=filled.get("decision") or "",
            valid_from=filled["valid_from"],
            valid_until=filled["valid_until"],
        )


class RoleForm(DaysForm):
    """One more role inside an appointment."""

    role = forms.ChoiceField(
        label=_("Rôle d’accès"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez le rôle à accorder.")},
    )
    field_order = ["role", "valid_from", "valid_until"]

    def __init__(self, *args: Any, plane: Plane, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named: dict[str, Any] = self.fields
        named["role"].choices = [(role.value, role.label) for role in Role if PLANE_OF_ROLE[role] is plane]


class MissionForm(DaysForm):
    """One mission, under the note that charges the person with it."""

    mission = forms.ChoiceField(
        label=_("Mission"),
        choices=Mission.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez la mission dont l’agent est chargé.")},
    )
    decision = plain_text(
        _("Note qui charge l’agent"),
        _("Indiquez la note qui charge cet agent."),
        longest=120,
        help_text=_("Sa référence : par exemple 2026/114."),
    )
    field_order = ["mission", "decision", "valid_from", "valid_until"]


class ReasonForm(Refusable):
    """Why something ends: one of a list."""

    reason = forms.ChoiceField(
        label=_("Motif"),
        widget=forms.RadioSelect,
        choices=list(REASONS.items()),
        error_messages={"required": _("Dites pourquoi : le motif reste au registre.")},
    )


class DayForm(forms.Form):
    """The day on which the matrix is read."""

    jour = DayField(label=_("Au jour du"), required=False)


def role_label(role: Role) -> str:
    """With its plane, for a list that has roles of several."""
    return gettext("%(plane)s – %(role)s") % {"plane": PLANE_OF_ROLE[role].label, "role": role.label}


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
