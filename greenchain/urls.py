"""Every address in one place; the apps bring their own lines."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from greenchain.health import healthz, readyz
from greenchain.styleguide import styleguide

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("certification.urls")),
    path("", include("suppliers.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("greenchain.api")),
    path("language/", include("django.conf.urls.i18n")),
    path("styleguide/", styleguide, name="styleguide"),
    path("admin/", admin.site.urls),
]
