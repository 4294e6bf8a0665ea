"""Applications as their applicants keep them: start, fill in, cite."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from certification.application.models import Application, Citation, Dossier
from certification.application.turn import Turn
from certification.designation.api.register import SubjectTeller, subject_of
from certification.designation.models import Designation
from certification.scheme.api.rounds import round_by
from certification.scheme.models import Round
from certification.scheme.subject import KEYS
from greenchain.resources.fields import LARGEST_ID, Seen
from suppliers.enterprise.models import Enterprise, Park, Product, Site
from suppliers.evidence.models import Evidence
from suppliers.place.api import LevelField
from suppliers.place.models import Authority

CLAIMS = ("none", "half", "full")
MAX_NOTE = 2000


@extend_schema_field({"oneOf": [{"type": "string", "maxLength": 40}, {"type": "integer", "minimum": 1}]})
class RoundField(serializers.Field[Round, Any, str, Any]):
    """A round by its code or its number."""

    def to_internal_value(self, data: Any) -> Round:
        """The round."""
        plain = isinstance(data, str) or (isinstance(data, int) and not isinstance(data, bool))
        found = round_by(str(data)) if plain else None
        if found is None:
            raise serializers.ValidationError(_("There is no such round."))
        return found


class Cases(serializers.ListField):
    """Cases by their keys, found at once; one that the person may not see is no case."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        child = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
        super().__init__(child=child, min_length=1, max_length=most, **kwargs)

    def to_internal_value(self, data: Any) -> list[Application]:
        """The rows, in the order given."""
        keys = dict.fromkeys(super().to_internal_value(data))
        found = Application.objects.visible_to(self.context["request"].user).in_bulk(list(keys))
        if missing := [key for key in keys if key not in found]:
            words = _("There is no such case: %(listed)s.")
            raise serializers.ValidationError(words % {"listed": ", ".join(map(str, missing[:8]))})
        return [found[key] for key in keys]


class ApplicantTeller(serializers.ModelSerializer[Enterprise]):
    """The enterprise that applies."""

    class Meta:
        model = Enterprise
        fields: tuple[str, ...] = ("id", "identifier", "name", "name_en")


class CaseTeller(serializers.ModelSerializer[Application]):
    """A case in a list."""

    round = serializers.CharField(source="round.code", read_only=True)
    scheme = serializers.CharField(source="scheme_version.scheme.key", read_only=True)
    level = LevelField(read_only=True)
    subject = serializers.SerializerMethodField()
    applicant = ApplicantTeller(read_only=True)
    desk = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    days_left = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="working days; negative when overdue"
    )

    class Meta:
        model = Application
        fields: tuple[str, ...] = (
            "id",
            "number",
            "round",
            "scheme",
            "scheme_version",
            "level",
            "year",
            "subject",
            "applicant",
            "region",
            "desk",
            "status",
            "status_since",
            "due_on",
            "days_left",
        )

    @extend_schema_field(SubjectTeller)
    def get_subject(self, case: Application) -> Any:
        """What the title is sought for."""
        return subject_of(case)


class TurnTeller(serializers.Serializer[Turn]):
    """Whose turn it is: who has the case, since when, until when."""

    holder = serializers.ChoiceField(choices=["applicant", "checks", "evaluator", "public", "desk", "nobody"])
    since = serializers.DateTimeField()
    until = serializers.DateField(allow_null=True)
    kept_days = serializers.IntegerField(
        source="kept.days",
        default=None,
        allow_null=True,
        help_text="while the case is returned: what the desk's clock goes on with",
    )
    escalated_from = serializers.CharField(
        source="late.code", default=None, allow_null=True, help_text="the desk that did not act in time"
    )
    provisional = serializers.IntegerField(
        allow_null=True, help_text="the year whose public holidays are not known yet: the end may still move"
    )


class StartReader(serializers.Serializer[None]):
    """What is sought, in which round, for which one of the four kinds of subject."""

    round = RoundField()
    level = LevelField()
    site = Seen(queryset=Site.objects.select_related("enterprise", "region__desk"), required=False)
    enterprise = Seen(queryset=Enterprise.objects.select_related("region__desk"), required=False)
    product = Seen(
        queryset=Product.objects.select_related("enterprise", "site__region__desk"), required=False
    )
    park = Seen(queryset=Park.objects.select_related("manager", "region__desk"), required=False)
    from_title = serializers.SlugRelatedField(
        slug_field="number",
        queryset=Designation.objects.all(),
        required=False,
        allow_null=True,
        help_text="the title that this one renews or follows",
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """One subject, and a title of that subject."""
        named = [key for key in KEYS if given.get(key) is not None]
        if len(named) != 1:
            message = _("Name one subject: a site, an enterprise, a product or a park.")
            raise serializers.ValidationError({named[1] if named else "site": [message]})
        subject, title = given[named[0]], given.get("from_title")
        if title is not None and title.subject != subject:
            raise serializers.ValidationError({"from_title": [_("This title is another subject's.")]})
        return {key: given.get(key) for key in ("round", "level", "from_title")} | {"subject": subject}


class ClaimReader(serializers.Serializer[None]):
    """What the applicant claims under one indicator."""

    claim = serializers.ChoiceField(choices=CLAIMS, required=False, allow_blank=True)
    not_applicable = serializers.BooleanField(required=False)
    note = serializers.CharField(max_length=MAX_NOTE, required=False, allow_blank=True)


@extend_schema_field(
    {
        "type": "object",
        "description": "By indicator code: the claim alone, or with a note.",
        "additionalProperties": {
            "oneOf": [
                {"type": "string", "enum": list(CLAIMS)},
                {
                    "type": "object",
                    "properties": {
                        "claim": {"type": "string", "enum": [*CLAIMS, ""]},
                        "not_applicable": {"type": "boolean"},
                        "note": {"type": "string", "maxLength": MAX_NOTE},
                    },
                },
            ]
        },
    }
)
class ClaimsField(serializers.Field[Any, Any, Any, Any]):
    """Claims by indicator code."""

    def to_internal_value(self, data: Any) -> dict[str, dict[str, Any]]:
        """Each claim as a mapping; faults by indicator."""
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("Claims by indicator code are needed."))
        known = {item.code for item in self.context["application"].scheme_version.definition.indicators}
        found, faults = {}, {}
        for code, given in data.items():
            reader = ClaimReader(data={"claim": given} if isinstance(given, str) else given)
            if code not in known:
                faults[code] = [_("This scheme has no such indicator.")]
            elif not reader.is_valid():
                faults[code] = [str(message) for messages in reader.errors.values() for message in messages]
            else:
                found[code] = dict(reader.validated_data)
        if faults:
            raise serializers.ValidationError(faults)
        return found


@extend_schema_field(
    {
        "type": "object",
        "description": "By the scheme's form fields.",
        "additionalProperties": {"type": "string"},
    }
)
class FormField(serializers.Field[Any, Any, Any, Any]):
    """The form's own fields, by the scheme's keys."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """Texts within their bounds; faults by field."""
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("Texts by field are needed."))
        fields = {field.key: field for field in self.context["application"].scheme_version.definition.form}
        faults = {
            key: [_fault(fields.get(key), text)]
            for key, text in data.items()
            if _fault(fields.get(key), text)
        }
        if faults:
            raise serializers.ValidationError(faults)
        return {key: text.strip() for key, text in data.items()}


def _fault(field: Any, text: Any) -> str:
    if field is None:
        return _("This scheme's form has no such field.")
    if not isinstance(text, str):
        return _("A text is needed.")
    if len(text) > field.max_length:
        return _("At most %(max)d characters.") % {"max": field.max_length}
    if field.options and text and text not in {option.key for option in field.options}:
        return _("One of: %(options)s.") % {"options": ", ".join(option.key for option in field.options)}
    return ""


class FillReader(serializers.Serializer[None]):
    """What is filled in; what is not named stays."""

    form = FormField(required=False)
    claims = ClaimsField(required=False)


class CitationTeller(serializers.ModelSerializer[Citation]):
    """A piece of evidence cited under a gate or an indicator."""

    title = serializers.CharField(source="evidence.title", read_only=True)
    kind = serializers.CharField(source="evidence.kind", read_only=True)
    sha256 = serializers.CharField(source="evidence.sha256", read_only=True)

    class Meta:
        model = Citation
        fields: tuple[str, ...] = ("id", "requirement", "evidence", "title", "kind", "sha256")


class CitationReader(serializers.Serializer[None]):
    """Which evidence proves what."""

    requirement = serializers.CharField(max_length=60, help_text="an indicator's code or a gate's key")
    evidence = Seen(queryset=Evidence.objects.all())


class DossierTeller(serializers.ModelSerializer[Dossier]):
    """What was submitted, frozen."""

    content = serializers.DictField(read_only=True)

    class Meta:
        model = Dossier
        fields: tuple[str, ...] = ("number", "digest", "submitted_at", "content")
