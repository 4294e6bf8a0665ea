import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import greenchain.clock
import suppliers.evidence.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Industry",
            fields=[
                ("name_zh", models.CharField(max_length=120, verbose_name="Chinese name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="English name")),
                (
                    "code",
                    models.CharField(max_length=4, primary_key=True, serialize=False, verbose_name="code"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("section", "section"),
                            ("division", "division"),
                            ("group", "group"),
                            ("class", "class"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="suppliers.industry",
                        verbose_name="parent",
                    ),
                ),
            ],
            options={
                "verbose_name": "industry",
                "verbose_name_plural": "industries",
            },
        ),
        migrations.CreateModel(
            name="Authority",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_zh", models.CharField(max_length=120, verbose_name="Chinese name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="English name")),
                ("code", models.CharField(max_length=8, unique=True, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("nation", "nation"),
                            ("province", "province"),
                            ("planned_city", "separately planned city"),
                            ("corps", "production and construction corps"),
                            ("city", "city"),
                            ("county", "county"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "county"), (1, "municipal"), (2, "provincial"), (3, "national")],
                        verbose_name="level",
                    ),
                ),
                ("path", models.CharField(max_length=64, unique=True, verbose_name="path")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="suppliers.authority",
                        verbose_name="parent",
                    ),
                ),
            ],
            options={
                "verbose_name": "authority",
                "verbose_name_plural": "authorities",
            },
        ),
        migrations.CreateModel(
            name="Enterprise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("uscc", "Unified Social Credit Code (China)"),
                            ("lei", "Legal Entity Identifier (LEI)"),
                            ("duns", "D-U-N-S number"),
                            ("vat", "VAT number"),
                            ("national", "National company number"),
                        ],
                        default="uscc",
                        max_length=8,
                        verbose_name="identifier scheme",
                    ),
                ),
                ("identifier", models.CharField(max_length=40, verbose_name="identifier")),
                ("country", models.CharField(default="CN", max_length=2, verbose_name="country")),
                ("name", models.CharField(max_length=200, verbose_name="registered name")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="English name")),
                (
                    "name_key",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=django.db.models.functions.text.Replace(
                            django.db.models.functions.text.Replace(
                                django.db.models.functions.text.Replace(
                                    django.db.models.functions.text.Replace(
                                        django.db.models.functions.text.Replace(
                                            models.F("name"), models.Value("（"), models.Value("(")
                                        ),
                                        models.Value("）"),
                                        models.Value(")"),
                                    ),
                                    models.Value(" "),
                                    models.Value(""),
                                ),
                                models.Value("\u3000"),
                                models.Value(""),
                            ),
                            models.Value("\xa0"),
                            models.Value(""),
                        ),
                        output_field=models.CharField(max_length=200),
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="address")),
                (
                    "legal_representative",
                    models.CharField(blank=True, max_length=80, verbose_name="legal representative"),
                ),
                ("contact_name", models.CharField(blank=True, max_length=80, verbose_name="contact person")),
                ("contact_phone", models.CharField(blank=True, max_length=40, verbose_name="contact phone")),
                (
                    "contact_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="contact e-mail"),
                ),
                (
                    "claimed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="claimed at"),
                ),
                ("created_at", models.DateTimeField(default=greenchain.clock.now, editable=False)),
                (
                    "industry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.industry",
                        verbose_name="industry",
                    ),
                ),
            ],
            options={
                "verbose_name": "enterprise",
                "verbose_name_plural": "enterprises",
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("name_zh", models.CharField(max_length=120, verbose_name="Chinese name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="English name")),
                (
                    "code",
                    models.CharField(max_length=6, primary_key=True, serialize=False, verbose_name="code"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("province", "province"),
                            ("prefecture", "prefecture"),
                            ("county", "county"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="regions",
                        to="suppliers.authority",
                        verbose_name="desk",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="suppliers.region",
                        verbose_name="parent",
                    ),
                ),
            ],
            options={
                "verbose_name": "region",
                "verbose_name_plural": "regions",
            },
        ),
        migrations.CreateModel(
            name="Park",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="English name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("industrial", "industrial park"),
                            ("high_tech", "high-tech zone"),
                            ("economic", "economic and technological development zone"),
                            ("chemical", "chemical park"),
                            ("other", "other park"),
                        ],
                        default="industrial",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="address")),
                (
                    "manager",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parks",
                        to="suppliers.enterprise",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parks",
                        to="suppliers.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "verbose_name": "park",
                "verbose_name_plural": "parks",
                "constraints": [
                    models.UniqueConstraint(fields=("manager", "name"), name="park_name_once_per_manager")
                ],
            },
        ),
        migrations.CreateModel(
            name="RegionYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="year",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        default="above_scale_manufacturing", max_length=40, verbose_name="scope"
                    ),
                ),
                (
                    "gross_output",
                    models.DecimalField(
                        decimal_places=4, max_digits=16, verbose_name="gross output, 100 million CNY"
                    ),
                ),
                (
                    "export_value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=16,
                        null=True,
                        verbose_name="export value, 100 million CNY",
                    ),
                ),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                ("vintage", models.DateField(verbose_name="vintage: day of publication")),
                ("estimated", models.BooleanField(default=False, verbose_name="estimated")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="years",
                        to="suppliers.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "region-year",
                "verbose_name_plural": "region-years",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "year", "scope"), name="one_figure_per_region_year_and_scope"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gross_output__gt", 0)), name="region_output_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="English name")),
                ("address", models.CharField(max_length=300, verbose_name="address")),
                ("address_en", models.CharField(blank=True, max_length=300, verbose_name="English address")),
                ("postal_code", models.CharField(blank=True, max_length=12, verbose_name="postal code")),
                ("above_scale", models.BooleanField(default=True, verbose_name="above-scale manufacturing")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="suppliers.enterprise",
                    ),
                ),
                (
                    "industry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="suppliers.industry",
                        verbose_name="industry",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="suppliers.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "verbose_name": "site",
                "verbose_name_plural": "sites",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enterprise", "name"), name="site_name_once_per_enterprise"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="English name")),
                ("code", models.CharField(blank=True, max_length=40, verbose_name="product code")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="suppliers.enterprise",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="suppliers.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enterprise", "name", "code"), name="product_once_per_enterprise"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(db_index=True, max_length=60, verbose_name="kind")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("period_from", models.DateField(blank=True, null=True, verbose_name="covers from")),
                ("period_to", models.DateField(blank=True, null=True, verbose_name="covers to")),
                ("issuer", models.CharField(blank=True, max_length=200, verbose_name="issuer")),
                (
                    "certificate_number",
                    models.CharField(blank=True, max_length=80, verbose_name="certificate number"),
                ),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="issued on")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="expires on")),
                (
                    "file",
                    models.FileField(upload_to=suppliers.evidence.models.vault_path, verbose_name="file"),
                ),
                ("filename", models.CharField(max_length=200, verbose_name="file name")),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("media_type", models.CharField(max_length=100, verbose_name="media type")),
                ("sha256", models.CharField(max_length=64)),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("retracted_at", models.DateTimeField(blank=True, null=True, verbose_name="retracted at")),
                (
                    "uploaded_at",
                    models.DateTimeField(default=greenchain.clock.now, verbose_name="uploaded at"),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="suppliers.enterprise",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="suppliers.evidence",
                        verbose_name="replaces",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="suppliers.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="suppliers.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retracted_at__isnull", True)),
                        fields=("enterprise", "kind", "sha256"),
                        name="one_copy_in_the_vault",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period_from__isnull", True),
                            ("period_to__isnull", True),
                            ("period_to__gte", models.F("period_from")),
                            _connector="OR",
                        ),
                        name="evidence_period_runs_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issued_on__isnull", True),
                            ("expires_on__isnull", True),
                            ("expires_on__gte", models.F("issued_on")),
                            _connector="OR",
                        ),
                        name="evidence_expires_after_issue",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplianceRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("not_operating", "not operating, or on the abnormal-operation list"),
                            (
                                "accident_or_violation",
                                "safety, quality or environmental accident, tax evasion or another violation",
                            ),
                            ("removed_before", "removed from a green-manufacturing list"),
                            (
                                "inspection_problem",
                                "serious problem found in a State Council or ministry inspection",
                            ),
                            ("energy_supervision", "energy-conservation supervision: not rectified"),
                            ("dishonest_debtor", "dishonest judgment debtor"),
                        ],
                        max_length=24,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("details", models.TextField(blank=True, max_length=4000, verbose_name="details")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                (
                    "source_url",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="source address",
                    ),
                ),
                ("happened_on", models.DateField(verbose_name="happened on")),
                ("cleared_on", models.DateField(blank=True, null=True, verbose_name="cleared on")),
                ("refuted_at", models.DateTimeField(blank=True, null=True, verbose_name="refuted at")),
                (
                    "match",
                    models.CharField(
                        choices=[("confirmed", "confirmed"), ("possible", "possible")],
                        default="confirmed",
                        max_length=10,
                        verbose_name="match",
                    ),
                ),
                ("entered_at", models.DateTimeField(default=greenchain.clock.now)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.authority",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="suppliers.enterprise",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="suppliers.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "compliance record",
                "verbose_name_plural": "compliance records",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cleared_on__isnull", True),
                            ("cleared_on__gte", models.F("happened_on")),
                            _connector="OR",
                        ),
                        name="record_cleared_after_it_happened",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="year",
                    ),
                ),
                (
                    "gross_output",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=18,
                        null=True,
                        verbose_name="gross output, 10,000 CNY",
                    ),
                ),
                (
                    "export_value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=18,
                        null=True,
                        verbose_name="export value, 10,000 CNY",
                    ),
                ),
                ("values", models.JSONField(default=dict, verbose_name="values")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "reported_at",
                    models.DateTimeField(default=greenchain.clock.now, verbose_name="first reported at"),
                ),
                ("updated_at", models.DateTimeField(default=greenchain.clock.now, verbose_name="updated at")),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="years", to="suppliers.site"
                    ),
                ),
            ],
            options={
                "verbose_name": "site-year",
                "verbose_name_plural": "site-years",
                "constraints": [
                    models.UniqueConstraint(fields=("site", "year"), name="one_report_per_site_and_year"),
                    models.CheckConstraint(
                        condition=models.Q(("year__range", (2000, 2100))), name="site_year_in_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("gross_output__isnull", True), ("gross_output__gte", 0), _connector="OR"
                        ),
                        name="gross_output_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("export_value__isnull", True), ("export_value__gte", 0), _connector="OR"
                        ),
                        name="export_value_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteYearRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table", models.CharField(max_length=40)),
                ("position", models.PositiveSmallIntegerField()),
                ("data", models.JSONField(default=dict)),
                (
                    "site_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="suppliers.siteyear",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site_year", "table", "position"), name="one_row_per_position"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplyLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("supplies", "supplies"),
                            ("carries", "carries for"),
                            ("recovers", "recovers for"),
                        ],
                        default="supplies",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("material", models.CharField(blank=True, max_length=200, verbose_name="material")),
                ("vendor_code", models.CharField(blank=True, max_length=40, verbose_name="vendor code")),
                (
                    "spend",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=18,
                        null=True,
                        verbose_name="spend, 10,000 CNY a year",
                    ),
                ),
                (
                    "share",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=7,
                        null=True,
                        verbose_name="share of purchases, 0 to 1",
                    ),
                ),
                ("since_on", models.DateField(default=greenchain.clock.today, verbose_name="since")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("declared_at", models.DateTimeField(default=greenchain.clock.now)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed at")),
                ("disputed_at", models.DateTimeField(blank=True, null=True, verbose_name="disputed at")),
                (
                    "buyer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supplier_links",
                        to="suppliers.enterprise",
                    ),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declared_links",
                        to="suppliers.enterprise",
                    ),
                ),
                (
                    "industry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.industry",
                        verbose_name="industry",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="buyer_links",
                        to="suppliers.enterprise",
                    ),
                ),
            ],
            options={
                "verbose_name": "supply link",
                "verbose_name_plural": "supply links",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("buyer", "supplier", "kind", "vendor_code"), name="one_link_per_vendor_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("buyer", models.F("supplier")), _negated=True),
                        name="nobody_supplies_themselves",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("declared_by", models.F("buyer")),
                            ("declared_by", models.F("supplier")),
                            _connector="OR",
                        ),
                        name="a_party_declares_the_link",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("share__isnull", True),
                            models.Q(("share__gte", 0), ("share__lte", 1)),
                            _connector="OR",
                        ),
                        name="share_within_0_and_1",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("spend__isnull", True), ("spend__gte", 0), _connector="OR"),
                        name="spend_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True),
                            ("until_on__gte", models.F("since_on")),
                            _connector="OR",
                        ),
                        name="link_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tenancy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since_on", models.DateField(default=greenchain.clock.today, verbose_name="since")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "park",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tenancies",
                        to="suppliers.park",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tenancies",
                        to="suppliers.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "tenancy",
                "verbose_name_plural": "tenancies",
                "constraints": [
                    models.UniqueConstraint(fields=("park", "site", "since_on"), name="tenancy_starts_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True),
                            ("until_on__gte", models.F("since_on")),
                            _connector="OR",
                        ),
                        name="tenancy_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("details", models.JSONField(default=dict, verbose_name="details")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "waiting for the desk"),
                            ("confirmed", "confirmed"),
                            ("refused", "refused"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="note")),
                ("created_at", models.DateTimeField(default=greenchain.clock.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reasons", models.TextField(blank=True, verbose_name="reasons")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="suppliers.authority",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="suppliers.enterprise",
                    ),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="suppliers.evidence"
                    ),
                ),
            ],
            options={
                "verbose_name": "claim",
                "verbose_name_plural": "claims",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "pending")),
                        fields=("enterprise", "user"),
                        name="one_pending_claim_per_person",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="former name")),
                (
                    "name_key",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=django.db.models.functions.text.Replace(
                            django.db.models.functions.text.Replace(
                                django.db.models.functions.text.Replace(
                                    django.db.models.functions.text.Replace(
                                        django.db.models.functions.text.Replace(
                                            models.F("name"), models.Value("（"), models.Value("(")
                                        ),
                                        models.Value("）"),
                                        models.Value(")"),
                                    ),
                                    models.Value(" "),
                                    models.Value(""),
                                ),
                                models.Value("\u3000"),
                                models.Value(""),
                            ),
                            models.Value("\xa0"),
                            models.Value(""),
                        ),
                        output_field=models.CharField(max_length=200),
                    ),
                ),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="borne until")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_names",
                        to="suppliers.enterprise",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("enterprise", "name"), name="former_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "owner"), ("editor", "editor"), ("viewer", "viewer")],
                        max_length=8,
                        verbose_name="role",
                    ),
                ),
                ("consultant", models.BooleanField(default=False, verbose_name="consultant")),
                ("since_on", models.DateField(default=greenchain.clock.today, verbose_name="since")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="suppliers.enterprise",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_on__isnull", True)),
                        fields=("user", "enterprise"),
                        name="one_open_membership",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("consultant", False),
                            models.Q(("until_on__isnull", False), models.Q(("role", "owner"), _negated=True)),
                            _connector="OR",
                        ),
                        name="consultant_is_dated_and_no_owner",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="Authority",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="suppliers.region",
                verbose_name="region",
            ),
        ),
        migrations.AddField(
            model_name="Enterprise",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enterprises",
                to="suppliers.region",
                verbose_name="region",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.UniqueConstraint(
                fields=("scheme", "identifier"), name="one_enterprise_per_identifier"
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.CheckConstraint(
                condition=models.Q(("identifier", ""), _negated=True), name="enterprise_has_an_identifier"
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("scheme", "uscc"), _negated=True), ("country", "CN"), _connector="OR"
                ),
                name="uscc_is_chinese",
            ),
        ),
        migrations.AddConstraint(
            model_name="authority",
            constraint=models.CheckConstraint(
                condition=models.Q(("path__endswith", "/")), name="authority_path_ends_with_slash"
            ),
        ),
        migrations.AddConstraint(
            model_name="authority",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "nation"), ("parent__isnull", True)),
                    models.Q(("kind", "nation"), _negated=True),
                    _connector="OR",
                ),
                name="nation_has_no_parent",
            ),
        ),
    ]
