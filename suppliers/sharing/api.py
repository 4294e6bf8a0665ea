"""A supplier's own answers, its consents, and who saw what."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from greenchain.accounts.idempotency import once
from greenchain.resources.bodies import NoInput
from greenchain.resources.fields import Seen, Texts
from greenchain.resources.filters import KeyFilter
from greenchain.resources.views import Reading
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.kinds import KINDS
from suppliers.sharing import actions
from suppliers.sharing.models import Access, AnswerSet, Consent
from suppliers.sharing.questionnaire import ASKED, Questionnaire, current
from suppliers.supply.api import Party, PartyTeller


class WordTeller(serializers.Serializer[Any]):
    """A section, or a word that a choice takes."""

    key = serializers.CharField()
    names = Texts()


class AskedTeller(WordTeller):
    """One question."""

    section = serializers.CharField()
    kind = serializers.ChoiceField(choices=ASKED)
    mandatory = serializers.BooleanField(source="required")
    unit = serializers.CharField(allow_blank=True)
    metric = serializers.CharField(allow_blank=True, help_text="taken from the reports where it is reported")
    evidence = serializers.ListField(child=serializers.CharField())
    options = WordTeller(many=True)


class QuestionnaireTeller(serializers.Serializer[Questionnaire]):
    """The questions of today."""

    version = serializers.CharField()
    names = Texts()
    effective_on = serializers.DateField()
    sections = WordTeller(many=True)
    questions = serializers.SerializerMethodField()

    @extend_schema_field(AskedTeller(many=True))
    def get_questions(self, row: Questionnaire) -> list[dict[str, Any]]:
        """In their order."""
        return list(AskedTeller(list(row.questions.values()), many=True).data)


class AnswerSetTeller(serializers.ModelSerializer[AnswerSet]):
    """Answers: as they are being written, and as they were confirmed last."""

    values = serializers.DictField(read_only=True)
    confirmed = serializers.DictField(read_only=True, help_text="what buyers with consent read")
    stale = serializers.BooleanField(source="is_stale", read_only=True)

    class Meta:
        model = AnswerSet
        fields = (
            "id",
            "enterprise",
            "version",
            "values",
            "confirmed",
            "updated_at",
            "confirmed_at",
            "stale",
        )


class AnswersReader(serializers.Serializer[None]):
    """Answers by question; what is not given stays."""

    enterprise = Seen(queryset=Enterprise.objects.all())
    values = serializers.DictField(help_text="by question: yes or no, a word, a number, a text, a file's id")


class ConfirmReader(serializers.Serializer[None]):
    """Whose answers."""

    enterprise = Seen(queryset=Enterprise.objects.all())


class AnswerSets(Reading):
    """The answers of the person's enterprises, given once for all buyers."""

    queryset = AnswerSet.objects.all()
    serializer_class = AnswerSetTeller
    readers = {"create": AnswersReader, "confirm": ConfirmReader}
    bad_input = ("invalid", "unknown")

    @once
    def create(self, request: Request) -> Response:
        """Write answers; buyers read them once they are confirmed."""
        given = self.given()
        row = actions.answer(given["enterprise"], given["values"], by=self.person)
        return self.told(self.again(row), 201)

    @action(detail=False, methods=["post"])
    @once
    def confirm(self, request: Request) -> Response:
        """They hold as of today."""
        return self.told(self.again(actions.confirm(self.given()["enterprise"], by=self.person)))

    @extend_schema(responses=QuestionnaireTeller)
    @action(detail=False, pagination_class=None, filter_backends=[])
    def questions(self, request: Request) -> Response:
        """The questions of today, with their version."""
        return self.told(current(), teller=QuestionnaireTeller)


class ConsentTeller(serializers.ModelSerializer[Consent]):
    """Who may read what."""

    buyer = PartyTeller(read_only=True, allow_null=True)
    kinds = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Consent
        fields = (
            "id",
            "enterprise",
            "buyer",
            "answers",
            "kinds",
            "named",
            "since_on",
            "until_on",
            "given_at",
            "withdrawn_at",
        )


class ConsentReader(serializers.Serializer[None]):
    """Without a buyer all those with whom the link is agreed; for the name all above."""

    enterprise = Seen(queryset=Enterprise.objects.all())
    buyer = Party(required=False, allow_null=True)
    answers = serializers.BooleanField(default=False)
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=sorted(KINDS)), required=False)
    named = serializers.BooleanField(default=False)
    since_on = serializers.DateField(required=False, allow_null=True)
    until_on = serializers.DateField(required=False, allow_null=True)


class ConsentFilters(filters.FilterSet):  # type: ignore[misc]
    """Find consents."""

    enterprise = KeyFilter()
    buyer = KeyFilter()


class Consents(Reading):
    """What the person's enterprises let buyers read."""

    queryset = Consent.objects.select_related("buyer")
    serializer_class = ConsentTeller
    filterset_class = ConsentFilters
    readers = {"create": ConsentReader, "withdraw": NoInput}
    bad_input = ("invalid",)

    @once
    def create(self, request: Request) -> Response:
        """Consent; owners only."""
        given = self.given()
        return self.told(self.again(actions.consent(given.pop("enterprise"), by=self.person, **given)), 201)

    @action(detail=True, methods=["post"])
    @once
    def withdraw(self, request: Request, pk: str) -> Response:
        """Nothing of it may be read any more, from this moment on."""
        return self.told(self.again(actions.withdraw(self.get_object(), by=self.person)))


class AccessTeller(serializers.ModelSerializer[Access]):
    """A buyer's person saw something on a day."""

    buyer = PartyTeller(read_only=True)
    person = serializers.CharField(source="person.username", read_only=True)

    class Meta:
        model = Access
        fields = ("id", "enterprise", "buyer", "person", "what", "about", "seen_on", "at")


class AccessFilters(filters.FilterSet):  # type: ignore[misc]
    """Find readings."""

    enterprise = KeyFilter()
    buyer = KeyFilter()
    what = filters.ChoiceFilter(choices=Access.What.choices)


class Accesses(Reading):
    """Who saw answers, files or names of the person's enterprises."""

    queryset = Access.objects.select_related("buyer", "person")
    serializer_class = AccessTeller
    filterset_class = AccessFilters
