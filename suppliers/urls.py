"""The suppliers app's addresses."""

from django.urls import URLPattern, path

from suppliers.claim import views as claim
from suppliers.enterprise import changeviews as change
from suppliers.enterprise import views as enterprise
from suppliers.evidence import views as evidence
from suppliers.invitation import views as invitation
from suppliers.place import views as place
from suppliers.reporting import views as reporting
from suppliers.response import suppliers as shared
from suppliers.response import views as response
from suppliers.sharing import views as sharing
from suppliers.supply import views as supply

urlpatterns: list[URLPattern] = [
    path("places/", place.region_options, name="region-options"),
    path("places/industries/", place.industry_options, name="industry-options"),
    path("enterprises/", enterprise.enterprise_list, name="enterprise-list"),
    path("enterprises/new/", claim.new, name="enterprise-new"),
    path("enterprises/<int:pk>/", enterprise.detail, name="enterprise"),
    path("enterprises/<int:pk>/changes/", change.changes, name="enterprise-changes"),
    path("enterprises/<int:pk>/changes/<slug:kind>/", change.new_change, name="enterprise-change-new"),
    path("enterprises/<int:pk>/questionnaire/", sharing.questionnaire, name="questionnaire"),
    path("enterprises/<int:pk>/sharing/", sharing.sharing, name="sharing"),
    path("consents/<int:pk>/withdraw/", sharing.withdraw, name="consent-withdraw"),
    path("enterprises/<int:pk>/edit/", enterprise.edit, name="enterprise-edit"),
    path("enterprises/<int:pk>/admit/", enterprise.admit, name="admit"),
    path("enterprises/<int:pk>/sites/", enterprise.add_site, name="site-new"),
    path("enterprises/<int:pk>/products/", enterprise.add_product, name="product-new"),
    path("enterprises/<int:pk>/parks/", enterprise.add_park, name="park-new"),
    path("enterprises/<int:pk>/evidence/", evidence.attach, name="evidence-new"),
    path("enterprises/<int:pk>/shareholders/", enterprise.add_shareholding, name="shareholding-new"),
    path("shareholders/<int:pk>/", enterprise.edit_shareholding, name="shareholding"),
    path("memberships/<int:pk>/dismiss/", enterprise.dismiss, name="dismiss"),
    path("products/<int:pk>/", enterprise.edit_product, name="product"),
    path("parks/<int:pk>/", enterprise.edit_park, name="park"),
    path("claims/<int:pk>/", claim.detail, name="claim"),
    path("sites/", reporting.site_list, name="site-list"),
    path("sites/<int:pk>/", reporting.site, name="site"),
    path("sites/<int:pk>/edit/", enterprise.edit_site, name="site-edit"),
    path("sites/<int:pk>/<int:year>/", reporting.site_year, name="site-year"),
    path("sites/<int:pk>/<int:year>/<slug:table>/", reporting.blank_row, name="site-year-row"),
    path("figures/<slug:key>/", reporting.read, name="figure-read"),
    path("figures/<slug:kind>/<int:pk>/<int:year>/", reporting.subject_year, name="subject-year"),
    path(
        "figures/<slug:kind>/<int:pk>/<int:year>/<slug:table>/",
        reporting.blank_subject_row,
        name="subject-year-row",
    ),
    path("evidence/", evidence.evidence_list, name="evidence-list"),
    path("evidence/<int:pk>/", evidence.detail, name="evidence"),
    path("evidence/<int:pk>/file", evidence.file, name="evidence-file"),
    path("evidence/<int:pk>/replace/", evidence.replace, name="evidence-replace"),
    path("evidence/<int:pk>/retract/", evidence.retract, name="evidence-retract"),
    path("supply/import/", supply.import_links, name="supply-import"),
    path("supply/import/suppliers.csv", supply.template, name="supply-template"),
    path("supply/<int:pk>/invite/", response.invite, name="invite"),
    path("supply/<int:pk>/responses/", response.responses, name="responses"),
    path("supply/<int:pk>/suppliers/<int:key>/", shared.supplier, name="buyer-supplier"),
    path("supply/<int:pk>/suppliers/<int:key>/answers/", shared.answers, name="shared-answers"),
    path("supply/<int:pk>/suppliers/<int:key>/files/<int:file>/", shared.shared_file, name="shared-file"),
    path("supply/invitations/", invitation.received, name="invitations"),
    path("supply/invitations/<int:pk>/accept/", invitation.accept, name="invitation-accept"),
    path("supply/invitations/<int:pk>/decline/", invitation.decline, name="invitation-decline"),
    path("supply/invitations/<int:pk>/resend/", invitation.resend, name="invitation-resend"),
    path("supply/invitations/<int:pk>/cancel/", invitation.cancel, name="invitation-cancel"),
    path("supply/invitations/<int:pk>/remind/", invitation.remind, name="invitation-remind"),
    path("invitations/stop/<str:key>/", invitation.stop_invitations, name="invitation-stop"),
    path("invitations/<slug:secret>/", invitation.invitation, name="invitation"),
    path("invitations/<slug:secret>/join/", invitation.join, name="invitation-join"),
    path("invitations/<slug:secret>/claim/", invitation.join_by_claim, name="invitation-claim"),
    path("supply/<int:pk>/links/new/", supply.declare, name="supply-link-new"),
    path("supply/links/<int:pk>/", supply.link, name="supply-link"),
    path("supply/links/<int:pk>/edit/", supply.amend, name="supply-link-edit"),
    path("supply/links/<int:pk>/confirm/", supply.confirm, name="supply-link-confirm"),
    path("supply/links/<int:pk>/dispute/", supply.dispute, name="supply-link-dispute"),
    path("supply/links/<int:pk>/end/", supply.end, name="supply-link-end"),
]
