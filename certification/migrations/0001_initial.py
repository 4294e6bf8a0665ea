import django.db.models.deletion
import greenchain.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("audit", "0001_initial"),
        ("suppliers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scheme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(unique=True)),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("site", "site"),
                            ("enterprise", "enterprise"),
                            ("product", "product"),
                            ("park", "park"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "prefix",
                    models.CharField(help_text="starts the numbers of its cases and titles", max_length=6),
                ),
                ("names", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "scheme",
                "verbose_name_plural": "schemes",
            },
        ),
        migrations.CreateModel(
            name="Sequence",
            fields=[
                ("key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "number series",
                "verbose_name_plural": "number series",
            },
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "county"), (1, "municipal"), (2, "provincial"), (3, "national")],
                        verbose_name="level",
                    ),
                ),
                ("announced_on", models.DateField(verbose_name="announced on")),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="announcements",
                        to="suppliers.authority",
                    ),
                ),
            ],
            options={
                "verbose_name": "announcement",
                "verbose_name_plural": "announcements",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("authority", "announced_on", "level"), name="one_announcement_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identifier", models.CharField(max_length=30, unique=True, verbose_name="credit code")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="English name")),
                (
                    "legal_representative",
                    models.CharField(max_length=100, verbose_name="legal representative"),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                (
                    "intermediate_staff",
                    models.PositiveSmallIntegerField(
                        verbose_name="full-time staff of intermediate title or above"
                    ),
                ),
                (
                    "senior_staff",
                    models.PositiveSmallIntegerField(verbose_name="of these with senior titles"),
                ),
                ("registered_on", models.DateField(verbose_name="registered on")),
                (
                    "members",
                    models.ManyToManyField(blank=True, related_name="bodies", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name": "evaluation body",
                "verbose_name_plural": "evaluation bodies",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("senior_staff__lte", models.F("intermediate_staff"))),
                        name="senior_staff_are_staff",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "addressee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="audit.auditentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail",
                "verbose_name_plural": "mails",
                "constraints": [models.UniqueConstraint(fields=("entry", "addressee"), name="told_once")],
            },
        ),
        migrations.CreateModel(
            name="SchemeVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=60)),
                ("names", models.JSONField(default=dict)),
                ("effective_on", models.DateField()),
                ("retired_on", models.DateField(blank=True, null=True)),
                ("source", models.TextField(help_text="the scheme file as loaded")),
                ("digest", models.CharField(max_length=64)),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="certification.scheme",
                    ),
                ),
            ],
            options={
                "verbose_name": "scheme version",
                "verbose_name_plural": "scheme versions",
                "constraints": [
                    models.UniqueConstraint(fields=("scheme", "version"), name="one_scheme_version")
                ],
            },
        ),
        migrations.CreateModel(
            name="Designation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted"),
                            ("evaluation", "evaluation"),
                            ("examination", "examination"),
                            ("returned", "returned"),
                            ("panel", "panel"),
                            ("selection", "selection"),
                            ("notice", "public notice"),
                            ("decision", "decision"),
                            ("granted", "granted"),
                            ("refused", "refused"),
                            ("rejected", "rejected"),
                            ("not_selected", "not selected"),
                            ("withdrawn", "withdrawn"),
                            ("lapsed", "lapsed"),
                            ("current", "current"),
                            ("suspended", "suspended"),
                            ("revoked", "revoked"),
                            ("surrendered", "surrendered"),
                            ("expired", "expired"),
                            ("superseded", "superseded"),
                        ],
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                ("status_since", models.DateTimeField(default=greenchain.clock.now)),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="number")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "county"), (1, "municipal"), (2, "provincial"), (3, "national")],
                        verbose_name="level",
                    ),
                ),
                ("name", models.CharField(help_text="as announced", max_length=200, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="English name")),
                ("industry_label", models.CharField(blank=True, max_length=100)),
                ("list_year", models.PositiveSmallIntegerField(verbose_name="list year")),
                ("announced_on", models.DateField(verbose_name="announced on")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("self", "self-evaluated, examined by the authorities"),
                            ("third_party", "evaluated by a third party"),
                            ("list", "published list"),
                        ],
                        max_length=12,
                        verbose_name="basis",
                    ),
                ),
                (
                    "basis_detail",
                    models.JSONField(
                        blank=True, default=dict, help_text="frozen: score, version, checked by whom"
                    ),
                ),
                ("provenance", models.CharField(blank=True, max_length=200, verbose_name="provenance")),
                ("import_key", models.CharField(blank=True, default="", max_length=120)),
                ("suspended_until", models.DateField(blank=True, null=True)),
                ("barred_until", models.DateField(blank=True, null=True)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="designations",
                        to="suppliers.authority",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="suppliers.enterprise",
                    ),
                ),
                (
                    "home",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.authority",
                    ),
                ),
                (
                    "park",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="suppliers.park",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="suppliers.product",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.region",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="suppliers.site",
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="designations",
                        to="certification.scheme",
                    ),
                ),
                (
                    "scheme_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="certification.schemeversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "designation",
                "verbose_name_plural": "designations",
                "indexes": [
                    models.Index(fields=["level", "list_year"], name="certificati_level_4f39a4_idx"),
                    models.Index(fields=["status"], name="certificati_status_a04bdd_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pk__in", []),
                            models.Q(
                                ("enterprise__isnull", True),
                                ("park__isnull", True),
                                ("product__isnull", True),
                                ("site__isnull", False),
                            ),
                            models.Q(
                                ("enterprise__isnull", False),
                                ("park__isnull", True),
                                ("product__isnull", True),
                                ("site__isnull", True),
                            ),
                            models.Q(
                                ("enterprise__isnull", True),
                                ("park__isnull", True),
                                ("product__isnull", False),
                                ("site__isnull", True),
                            ),
                            models.Q(
                                ("enterprise__isnull", True),
                                ("park__isnull", False),
                                ("product__isnull", True),
                                ("site__isnull", True),
                            ),
                            models.Q(
                                ("enterprise__isnull", True),
                                ("park__isnull", True),
                                ("product__isnull", True),
                                ("site__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="designation_at_most_one_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True),
                            ("valid_until__gte", models.F("announced_on")),
                            _connector="OR",
                        ),
                        name="designation_valid_after_announced",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("import_key", ""), _negated=True),
                        fields=("import_key",),
                        name="designation_imported_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["current", "suspended"]), ("site__isnull", False)),
                        fields=("scheme", "level", "site"),
                        name="one_current_title_per_site",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("status__in", ["current", "suspended"]), ("enterprise__isnull", False)
                        ),
                        fields=("scheme", "level", "enterprise"),
                        name="one_current_title_per_enterprise",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("status__in", ["current", "suspended"]), ("product__isnull", False)
                        ),
                        fields=("scheme", "level", "product"),
                        name="one_current_title_per_product",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["current", "suspended"]), ("park__isnull", False)),
                        fields=("scheme", "level", "park"),
                        name="one_current_title_per_park",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("names", models.JSONField(default=dict, verbose_name="names")),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        help_text="The year whose figures are judged.", verbose_name="reporting year"
                    ),
                ),
                (
                    "levels",
                    models.JSONField(
                        default=list, help_text="1 municipal, 2 provincial, 3 national", verbose_name="levels"
                    ),
                ),
                ("opens_on", models.DateField(verbose_name="opens on")),
                ("closes_on", models.DateField(verbose_name="closes on")),
                (
                    "quota",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Titles per level; none means no limit.",
                        verbose_name="quota",
                    ),
                ),
                (
                    "evaluation",
                    models.CharField(
                        choices=[("none", "none"), ("optional", "optional"), ("required", "required")],
                        default="none",
                        max_length=8,
                        verbose_name="third-party evaluation",
                    ),
                ),
                ("panel", models.BooleanField(default=False, verbose_name="expert panel")),
                (
                    "notice_days",
                    models.PositiveSmallIntegerField(default=15, verbose_name="days of public notice"),
                ),
                (
                    "desk_days",
                    models.PositiveSmallIntegerField(default=10, verbose_name="working days per desk"),
                ),
                (
                    "return_days",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="working days to answer a return"
                    ),
                ),
                ("max_returns", models.PositiveSmallIntegerField(default=3, verbose_name="returns allowed")),
                ("appeal_days", models.PositiveSmallIntegerField(default=30, verbose_name="days to appeal")),
                (
                    "authority",
                    models.ForeignKey(
                        help_text="Opens the round in its territory.",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="suppliers.authority",
                        verbose_name="authority",
                    ),
                ),
                (
                    "scheme_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="certification.schemeversion",
                        verbose_name="scheme version",
                    ),
                ),
            ],
            options={
                "verbose_name": "round",
                "verbose_name_plural": "rounds",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                        name="round_closes_after_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Benchmark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("indicator", models.CharField(max_length=12, verbose_name="indicator")),
                ("base", models.DecimalField(decimal_places=6, max_digits=20, verbose_name="base value")),
                ("lead", models.DecimalField(decimal_places=6, max_digits=20, verbose_name="lead value")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("demo", models.BooleanField(default=False, verbose_name="demo figure")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                (
                    "industry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="suppliers.industry",
                        verbose_name="industry",
                    ),
                ),
                (
                    "scheme_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="benchmarks",
                        to="certification.schemeversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "benchmark",
                "verbose_name_plural": "benchmarks",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("base", models.F("lead")), _negated=True),
                        name="benchmark_base_differs_from_lead",
                    ),
                    models.UniqueConstraint(
                        fields=("scheme_version", "indicator", "industry", "valid_from"), name="one_benchmark"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("industry", None)),
                        fields=("scheme_version", "indicator", "valid_from"),
                        name="one_benchmark_for_all_industries",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted"),
                            ("evaluation", "evaluation"),
                            ("examination", "examination"),
                            ("returned", "returned"),
                            ("panel", "panel"),
                            ("selection", "selection"),
                            ("notice", "public notice"),
                            ("decision", "decision"),
                            ("granted", "granted"),
                            ("refused", "refused"),
                            ("rejected", "rejected"),
                            ("not_selected", "not selected"),
                            ("withdrawn", "withdrawn"),
                            ("lapsed", "lapsed"),
                            ("current", "current"),
                            ("suspended", "suspended"),
                            ("revoked", "revoked"),
                            ("surrendered", "surrendered"),
                            ("expired", "expired"),
                            ("superseded", "superseded"),
                        ],
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                ("status_since", models.DateTimeField(default=greenchain.clock.now)),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="number")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "county"), (1, "municipal"), (2, "provincial"), (3, "national")],
                        verbose_name="level",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="reporting year")),
                ("form", models.JSONField(blank=True, default=dict, verbose_name="form")),
                (
                    "claims",
                    models.JSONField(
                        blank=True, default=dict, help_text="per indicator: claim, not_applicable, note"
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("returned_from", models.CharField(blank=True, max_length=16)),
                ("returns", models.PositiveSmallIntegerField(default=0)),
                ("check_attempts", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=greenchain.clock.now)),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="suppliers.enterprise",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="suppliers.authority",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="suppliers.enterprise",
                    ),
                ),
                (
                    "home",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.authority",
                    ),
                ),
                (
                    "park",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="suppliers.park",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="suppliers.product",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.region",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="suppliers.site",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "from_title",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="certification.designation",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="certification.round",
                    ),
                ),
                (
                    "scheme_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="certification.schemeversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "application",
                "verbose_name_plural": "applications",
                "indexes": [
                    models.Index(fields=["desk", "status", "due_on"], name="certificati_desk_id_670ad1_idx"),
                    models.Index(fields=["status", "due_on"], name="certificati_status_f655d6_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pk__in", []),
                            models.Q(
                                ("enterprise__isnull", True),
                                ("park__isnull", True),
                                ("product__isnull", True),
                                ("site__isnull", False),
                            ),
                            models.Q(
                                ("enterprise__isnull", False),
                                ("park__isnull", True),
                                ("product__isnull", True),
                                ("site__isnull", True),
                            ),
                            models.Q(
                                ("enterprise__isnull", True),
                                ("park__isnull", True),
                                ("product__isnull", False),
                                ("site__isnull", True),
                            ),
                            models.Q(
                                ("enterprise__isnull", True),
                                ("park__isnull", False),
                                ("product__isnull", True),
                                ("site__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="application_exactly_one_subject",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "draft",
                                    "submitted",
                                    "evaluation",
                                    "examination",
                                    "returned",
                                    "panel",
                                    "selection",
                                    "notice",
                                    "decision",
                                ],
                            ),
                            ("site__isnull", False),
                        ),
                        fields=("scheme_version", "level", "site"),
                        name="one_open_application_per_site",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "draft",
                                    "submitted",
                                    "evaluation",
                                    "examination",
                                    "returned",
                                    "panel",
                                    "selection",
                                    "notice",
                                    "decision",
                                ],
                            ),
                            ("enterprise__isnull", False),
                        ),
                        fields=("scheme_version", "level", "enterprise"),
                        name="one_open_application_per_enterprise",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "draft",
                                    "submitted",
                                    "evaluation",
                                    "examination",
                                    "returned",
                                    "panel",
                                    "selection",
                                    "notice",
                                    "decision",
                                ],
                            ),
                            ("product__isnull", False),
                        ),
                        fields=("scheme_version", "level", "product"),
                        name="one_open_application_per_product",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "draft",
                                    "submitted",
                                    "evaluation",
                                    "examination",
                                    "returned",
                                    "panel",
                                    "selection",
                                    "notice",
                                    "decision",
                                ],
                            ),
                            ("park__isnull", False),
                        ),
                        fields=("scheme_version", "level", "park"),
                        name="one_open_application_per_park",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Credential",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("index", models.PositiveIntegerField(unique=True)),
                ("issued_at", models.DateTimeField(default=greenchain.clock.now)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "designation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="credentials",
                        to="certification.designation",
                    ),
                ),
            ],
            options={
                "verbose_name": "credential",
                "verbose_name_plural": "credentials",
            },
        ),
        migrations.CreateModel(
            name="AnnouncementEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "annex",
                    models.CharField(
                        choices=[("new", "new"), ("removed", "removed"), ("renamed", "renamed")], max_length=8
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("detail", models.CharField(blank=True, max_length=300)),
                (
                    "announcement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="certification.announcement",
                    ),
                ),
                (
                    "designation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="announced_in",
                        to="certification.designation",
                    ),
                ),
            ],
            options={
                "verbose_name": "announcement entry",
                "verbose_name_plural": "announcement entries",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("announcement", "designation", "annex"), name="announced_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cause", models.CharField(max_length=16, verbose_name="what happened")),
                ("at", models.DateTimeField(default=greenchain.clock.now)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "buyer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="suppliers.enterprise",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.auditentry"
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="alerts",
                        to="suppliers.supplylink",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="suppliers.enterprise",
                    ),
                ),
                (
                    "designation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="certification.designation",
                    ),
                ),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("buyer", "supplier", "entry"), name="one_alert_per_change"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Obligation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("filed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "designation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="obligations",
                        to="certification.designation",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "obligation",
                "verbose_name_plural": "obligations",
                "constraints": [
                    models.UniqueConstraint(fields=("designation", "year"), name="one_annual_form")
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("fault", "fault"),
                            ("closed", "closed"),
                            ("relocated", "relocated"),
                            ("merged", "merged"),
                        ],
                        max_length=12,
                        verbose_name="cause",
                    ),
                ),
                ("reasons", models.TextField(verbose_name="reasons")),
                ("reply_by", models.DateField(verbose_name="reply by")),
                ("reply", models.TextField(blank=True)),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
                ("at", models.DateTimeField(default=greenchain.clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "designation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="certification.designation",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal",
                "verbose_name_plural": "proposals",
            },
        ),
        migrations.CreateModel(
            name="Spell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "designation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spells",
                        to="certification.designation",
                    ),
                ),
            ],
            options={
                "verbose_name": "spell",
                "verbose_name_plural": "spells",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="spell_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)),
                        fields=("designation",),
                        name="one_open_spell",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("inputs_digest", models.CharField(max_length=64)),
                ("trigger", models.CharField(max_length=40)),
                ("worker", models.CharField(blank=True, max_length=120)),
                ("duration_ms", models.PositiveIntegerField()),
                ("ran_at", models.DateTimeField(default=greenchain.clock.now)),
                ("points", models.DecimalField(decimal_places=4, max_digits=9)),
                ("awaiting", models.DecimalField(decimal_places=4, max_digits=9)),
                ("scorable", models.DecimalField(decimal_places=4, max_digits=9)),
                ("no_benchmark", models.DecimalField(decimal_places=4, max_digits=9)),
                ("not_applicable", models.DecimalField(decimal_places=4, max_digits=9)),
                ("missing", models.DecimalField(decimal_places=4, max_digits=9)),
                (
                    "low",
                    models.DecimalField(decimal_places=4, help_text="confirmed score, of 100", max_digits=9),
                ),
                (
                    "high",
                    models.DecimalField(
                        decimal_places=4, help_text="if all that awaits judgement is confirmed", max_digits=9
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="certification.application",
                    ),
                ),
                (
                    "scheme_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="certification.schemeversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "assessment",
                "verbose_name_plural": "assessments",
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="one_assessment_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="Citation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "requirement",
                    models.CharField(help_text="an indicator's code or a gate's key", max_length=60),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="certification.application",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="suppliers.evidence",
                    ),
                ),
            ],
            options={
                "verbose_name": "citation",
                "verbose_name_plural": "citations",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "requirement", "evidence"), name="cited_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(help_text="an indicator's code or a check's key", max_length=60)),
                (
                    "field",
                    models.CharField(help_text="value, judgement, not_applicable or veto", max_length=20),
                ),
                ("before", models.CharField(blank=True, max_length=60)),
                ("after", models.CharField(max_length=60)),
                ("reasons", models.TextField()),
                ("at", models.DateTimeField(default=greenchain.clock.now)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="certification.application",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(choices=[("granted", "granted"), ("refused", "refused")], max_length=8),
                ),
                ("reasons", models.TextField()),
                ("at", models.DateTimeField(default=greenchain.clock.now)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="certification.application",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "designation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="certification.designation",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("designation__isnull", False), ("outcome", "granted")),
                            models.Q(("designation__isnull", True), ("outcome", "refused")),
                            _connector="OR",
                        ),
                        name="a_grant_has_a_title",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("against", models.CharField(help_text="the status appealed against", max_length=16)),
                ("reasons", models.TextField()),
                ("at", models.DateTimeField(default=greenchain.clock.now)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("confirmed", "confirmed"), ("overturned", "overturned")],
                        max_length=12,
                    ),
                ),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="certification.application",
                    ),
                ),
                (
                    "designation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="certification.designation",
                    ),
                ),
            ],
            options={
                "verbose_name": "appeal",
                "verbose_name_plural": "appeals",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("application__isnull", True), ("designation__isnull", True), _connector="XOR"
                        ),
                        name="appeal_about_one_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dossier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("body", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("submitted_at", models.DateTimeField(default=greenchain.clock.now)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossiers",
                        to="certification.application",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "dossier",
                "verbose_name_plural": "dossiers",
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="one_dossier_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("points", models.JSONField(help_text="per indicator: points and reason")),
                ("total", models.DecimalField(decimal_places=2, max_digits=7)),
                ("technical_reviewer", models.CharField(max_length=100)),
                ("signatory", models.CharField(max_length=100)),
                ("conclusion", models.TextField()),
                ("at", models.DateTimeField(default=greenchain.clock.now)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="certification.application",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="certification.body",
                    ),
                ),
            ],
            options={
                "verbose_name": "evaluation",
                "verbose_name_plural": "evaluations",
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="your name")),
                ("contact", models.CharField(max_length=120, verbose_name="e-mail or phone")),
                ("statement", models.TextField(verbose_name="what is wrong, and how you know")),
                ("evidence", models.FileField(blank=True, upload_to="objections/", verbose_name="evidence")),
                ("at", models.DateTimeField(default=greenchain.clock.now)),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=[("dismissed", "dismissed"), ("upheld", "upheld")], max_length=10
                    ),
                ),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="certification.application",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "objection",
                "verbose_name_plural": "objections",
            },
        ),
        migrations.CreateModel(
            name="PanelScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("points", models.DecimalField(decimal_places=2, max_digits=5)),
                ("reasons", models.TextField()),
                ("at", models.DateTimeField(default=greenchain.clock.now)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panel_scores",
                        to="certification.application",
                    ),
                ),
                (
                    "expert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panel_scores",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "panel score",
                "verbose_name_plural": "panel scores",
                "constraints": [
                    models.UniqueConstraint(fields=("application", "expert"), name="one_score_per_expert"),
                    models.CheckConstraint(
                        condition=models.Q(("points__gte", 0), ("points__lte", 100)),
                        name="panel_points_of_100",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("codes", models.JSONField()),
                (
                    "named",
                    models.JSONField(
                        help_text="what may change: form, figures, evidence, or an indicator's code; empty: anything"
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("due_on", models.DateField()),
                ("at", models.DateTimeField(default=greenchain.clock.now)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sent_back",
                        to="certification.application",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.authority",
                    ),
                ),
            ],
            options={
                "verbose_name": "return",
                "verbose_name_plural": "returns",
            },
        ),
        migrations.CreateModel(
            name="PublicNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "county"), (1, "municipal"), (2, "provincial"), (3, "national")],
                        verbose_name="level",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="starts on")),
                ("ends_on", models.DateField(verbose_name="ends on")),
                (
                    "applications",
                    models.ManyToManyField(related_name="notices", to="certification.application"),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="suppliers.authority",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="certification.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "public notice",
                "verbose_name_plural": "public notices",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="notice_ends_after_start",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("evaluator", "evaluator"),
                            ("expert", "expert"),
                            ("auditor", "auditor"),
                            ("approver", "approver"),
                        ],
                        max_length=12,
                    ),
                ),
                ("since_on", models.DateField(default=greenchain.clock.today)),
                ("until_on", models.DateField(blank=True, null=True)),
                (
                    "declared",
                    models.TextField(blank=True, help_text="the declaration of independence as given"),
                ),
                ("ended", models.TextField(blank=True, help_text="why the seat ended")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seats",
                        to="certification.application",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "seat",
                "verbose_name_plural": "seats",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_on__isnull", True)),
                        fields=("application", "user", "part"),
                        name="one_open_seat",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("check_key", models.CharField(max_length=60)),
                ("reasons", models.TextField()),
                ("until_on", models.DateField()),
                ("at", models.DateTimeField(default=greenchain.clock.now)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waivers",
                        to="certification.application",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "waiver",
                "verbose_name_plural": "waivers",
            },
        ),
        migrations.CreateModel(
            name="Endorsement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opinion", models.TextField()),
                ("score", models.DecimalField(decimal_places=4, max_digits=9)),
                ("at", models.DateTimeField(default=greenchain.clock.now)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="endorsements",
                        to="certification.application",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="certification.assessment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.authority",
                    ),
                ),
            ],
            options={
                "verbose_name": "endorsement",
                "verbose_name_plural": "endorsements",
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("check_key", models.CharField(max_length=60)),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("blocks", "blocks"),
                            ("asks", "asks"),
                            ("informs", "informs"),
                            ("passed", "passed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("clause", models.CharField(blank=True, max_length=120)),
                ("title", models.JSONField()),
                ("reason", models.JSONField()),
                ("remedy", models.JSONField(blank=True, default=dict)),
                (
                    "evidence",
                    models.JSONField(blank=True, default=list, help_text="ids of the evidence read"),
                ),
                ("about", models.JSONField(blank=True, default=dict)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="certification.assessment",
                    ),
                ),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
            },
        ),
        migrations.CreateModel(
            name="IndicatorScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=12)),
                ("position", models.PositiveSmallIntegerField()),
                ("state", models.CharField(max_length=16)),
                ("value", models.DecimalField(decimal_places=6, max_digits=24, null=True)),
                ("base", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                ("lead", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                ("points", models.DecimalField(decimal_places=4, max_digits=9)),
                ("weight", models.DecimalField(decimal_places=4, max_digits=9)),
                ("reason", models.JSONField()),
                ("trace", models.JSONField(default=dict)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="certification.assessment",
                    ),
                ),
            ],
            options={
                "verbose_name": "indicator score",
                "verbose_name_plural": "indicator scores",
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "code"), name="one_score_per_indicator")
                ],
            },
        ),
    ]
