"""The certification app's addresses, stage by stage."""

from django.urls import URLPattern, path, re_path

from certification.application import views as application
from certification.assessment import views as assessment
from certification.body import views as body
from certification.chain.history import views as history
from certification.chain.picture import views as picture
from certification.chain.territory import views as territory
from certification.chain.views import alerts, supposing
from certification.chain.views import chains as chain
from certification.complaint import views as complaint
from certification.decision import views as decision
from certification.delivery import views as delivery
from certification.designation import proofs
from certification.designation import views as designation
from certification.designation.feeds import RegisterFeed, TitleFeed
from certification.following import views as following
from certification.grading import views as grading
from certification.incentive import views as incentive
from certification.inquiry import views as inquiry
from certification.letter import views as letter
from certification.lifecycle import views as lifecycle
from certification.notice import views as notice
from certification.panel import views as panel
from certification.printing import views as printing
from certification.progress import views as progress
from certification.scheme import views as scheme
from certification.sourcing.views import asked, audits, grades, yearly
from certification.surveillance import formviews as forms
from certification.surveillance import views as surveillance
from certification.verification import views as verification
from certification.views import cases, fieldwork, gap, seats, verbs, work

urlpatterns: list[URLPattern] = [
    path("", progress.home, name="home"),
    path("progress/", progress.progress, name="progress"),
    path("stages/", lifecycle.stages, name="stages"),
    path("register/", designation.register, name="register"),
    path("register/feed.atom", RegisterFeed(), name="register-feed"),
    path("register/<str:number>/", designation.title, name="title"),
    path("register/<str:number>/feed.atom", TitleFeed(), name="title-feed"),
    path("register/<str:number>/certificate.pdf", designation.certificate, name="certificate"),
    path("register/<str:number>/credential", proofs.credential, name="credential"),
    path(".well-known/did.json", proofs.did_json, name="did"),
    path("status/revocation", proofs.status_list_credential, name="status-list"),
    path("verify/", designation.verify, name="verify"),
    path("schemes/", scheme.schemes, name="schemes"),
    path("deadlines/", scheme.deadlines, name="deadlines"),
    path("incentives/", incentive.incentives, name="incentives"),
    path("schemes/<slug:key>/", scheme.scheme, name="scheme-newest"),
    path("schemes/<slug:key>/<int:pk>/", scheme.scheme, name="scheme"),
    path("schemes/<slug:key>/<int:pk>/<int:other>/", scheme.scheme_changes, name="scheme-changes"),
    path("supply/", chain.supply, name="supply"),
    path("supply/flows/", territory.supply_flows, name="supply-flows"),
    path("supply/flows/history/", history.flows_history, name="supply-flows-history"),
    path("supply/broken/", alerts.broken, name="supply-broken"),
    path("supply/<int:pk>/", chain.supply_chain, name="supply-chain"),
    path("supply/<int:pk>/picture/", picture.supply_picture, name="supply-picture"),
    path("supply/<int:pk>/history/", history.supply_history, name="supply-history"),
    path("supply/<int:pk>/tiers/", chain.supply_tiers, name="supply-tiers"),
    path("supply/<int:pk>/loss/", chain.supply_loss, name="supply-loss"),
    path("supply/<int:pk>/what-if/", supposing.supply_what_if, name="supply-what-if"),
    path("supply/<int:pk>/paths/", chain.supply_paths, name="supply-paths"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/seen/", alerts.seen, name="alerts-seen"),
    path("alerts/count/", alerts.alert_count, name="alert-count"),
    path("alerts/<int:pk>/mute/", alerts.mute, name="alert-mute"),
    path("alerts/muted/<int:pk>/end/", alerts.unmute, name="alert-unmute"),
    path("alerts/watched/<int:pk>/end/", alerts.unwatch, name="unwatch"),
    path("supply/<int:pk>/alerts/", alerts.alert_choices, name="alert-choices"),
    path("supply/<int:pk>/alerts/watch/", alerts.watch, name="watch"),
    path("supply/findings/", asked.findings_asked, name="findings-asked"),
    path("supply/findings/<int:pk>/answer/", asked.answer, name="finding-answer"),
    path("supply/<int:pk>/management/", grades.sourcing, name="sourcing"),
    path("supply/<int:pk>/management/begin/", grades.begin, name="sourcing-begin"),
    path("supply/<int:pk>/management/suppliers/<int:key>/", grades.supplier, name="sourcing-supplier"),
    path("supply/<int:pk>/management/suppliers/<int:key>/grade/", grades.choose, name="sourcing-choose"),
    path("supply/<int:pk>/management/suppliers/<int:key>/grade/lift/", grades.lift, name="sourcing-lift"),
    path("supply/<int:pk>/management/suppliers/<int:key>/audit/", audits.plan, name="sourcing-plan"),
    path("supply/<int:pk>/management/audits/", audits.audits, name="sourcing-audits"),
    path("supply/<int:pk>/management/figures/", yearly.year_figures, name="sourcing-figures-newest"),
    path("supply/<int:pk>/management/figures/<int:year>/", yearly.year_figures, name="sourcing-figures"),
    path("supply/<int:pk>/management/figures/<int:year>/report/", yearly.take, name="sourcing-take-over"),
    path("supply/<int:pk>/management/disclosure/", yearly.disclosure, name="sourcing-disclosure-newest"),
    path("supply/<int:pk>/management/disclosure/<int:year>/", yearly.disclosure, name="sourcing-disclosure"),
    path(
        "supply/<int:pk>/management/disclosure/<int:year>.pdf", yearly.disclosure_pdf, name="disclosure-pdf"
    ),
    path("supply/<int:pk>/management/push/", yearly.push_next, name="sourcing-push"),
    path("supply/audits/<int:pk>/", audits.audit, name="supplier-audit"),
    path("supply/audits/<int:pk>/finish/", audits.finish, name="audit-finish"),
    path("supply/audits/<int:pk>/move/", audits.move, name="audit-move"),
    path("supply/audits/<int:pk>/cancel/", audits.cancel, name="audit-cancel"),
    path("supply/audits/<int:pk>/findings/new/", audits.raise_finding, name="finding-new"),
    path("supply/findings/<int:pk>/close/", audits.close, name="finding-close"),
    path("supply/findings/<int:pk>/ask/", audits.ask, name="finding-ask"),
    path("supply/findings/<int:pk>/evidence/<int:evidence>/file", audits.proof, name="finding-file"),
    path("notifications/", delivery.inbox, name="inbox"),
    path("notifications/read/", delivery.mark_read, name="inbox-read"),
    path("notifications/count/", delivery.unread_count, name="inbox-count"),
    path("notifications/settings/", delivery.mail_choices, name="mail-choices"),
    path("notifications/unsubscribe/<str:token>/", delivery.unsubscribe, name="unsubscribe"),
    path("mails/", delivery.mails, name="mails"),
    path("mails/<int:pk>/", delivery.mail, name="mail"),
    path("notices/", notice.notices, name="notices"),
    path("notices/<str:number>/", notice.notice, name="notice"),
    path("announcements/<str:number>/", notice.announcement, name="announcement"),
    path("objections/<str:secret>/", letter.objection, name="objection"),
    path("objections/<str:secret>/<str:number>.pdf", letter.objection_letter, name="objection-letter"),
    path("objection-files/<int:pk>", letter.objection_file, name="objection-file"),
    path("register/<str:number>/follow/", following.follow_title, name="follow-title"),
    path("follow/<str:secret>/", following.follow, name="follow"),
    path("follow/stop/<str:key>/", following.follow_stop, name="follow-stop"),
    path("register/<str:number>/complain/", complaint.complain_title, name="complain-title"),
    path("bodies/<int:pk>/complain/", complaint.complain_body, name="complain-body"),
    path("complaints/<str:secret>/", complaint.complaint, name="complaint"),
    path("complaints/<str:secret>/<str:number>.pdf", complaint.complaint_letter, name="complaint-letter"),
    path("complaints/<str:number>/reply/", complaint.complaint_reply, name="complaint-reply"),
    path("complaint-files/<int:pk>", complaint.complaint_file, name="complaint-file"),
    path("letters/<str:number>.pdf", letter.letter, name="letter"),
    path("appeals/<str:number>/", decision.appeal, name="appeal"),
    path("appeals/<str:number>/files/<int:pk>", decision.appeal_file, name="appeal-file"),
    path("work/", work.work, name="work"),
    path("work/gaps/", work.reach, name="work-gaps"),
    path("applications/", cases.application_list, name="application-list"),
    path("applications/new/", application.new, name="application-new"),
    path("applications/<int:pk>/", cases.application, name="application"),
    path("applications/<int:pk>/stages/", lifecycle.case_stages, name="application-stages"),
    path("applications/<int:pk>/package/", printing.ask, name="package-new"),
    path("obligations/<int:pk>/filings/<int:number>.pdf", printing.annual_form, name="annual-form"),
    path("packages/<int:pk>/", printing.package, name="package"),
    path("packages/<int:pk>/file", printing.file, name="package-file"),
    path("applications/<int:pk>/runs/", assessment.runs, name="application-runs"),
    path("applications/<int:pk>/form/", cases.keep_form, name="application-form"),
    path("applications/<int:pk>/figures/", cases.keep_figures, name="application-figures"),
    path("applications/<int:pk>/live/", cases.live_score, name="application-live"),
    path("applications/<int:pk>/questions/", inquiry.questions, name="application-questions"),
    path("applications/<int:pk>/questions/ask/", inquiry.ask, name="application-ask"),
    path("applications/<int:pk>/onsite/", verification.onsite, name="application-onsite"),
    path("applications/<int:pk>/onsite/raise/", verification.raise_one, name="nonconformity-raise"),
    path("nonconformities/<int:pk>/respond/", verification.respond, name="correction-respond"),
    path("nonconformities/<int:pk>/evidence/<int:evidence>/file", verification.proof, name="correction-file"),
    path("finding-photos/<int:pk>/file", verification.photo, name="finding-photo"),
    path("questions/<int:pk>/<slug:name>/", inquiry.act, name="question-act"),
    path("questions/<int:pk>/evidence/<int:evidence>/file", inquiry.file, name="question-file"),
    path("applications/<int:pk>/gap/", gap.gap, name="application-gap"),
    path("applications/<int:pk>/state/", cases.state, name="application-state"),
    path("applications/<int:pk>/cite/", application.cite_fitting, name="application-cite-fitting"),
    path("applications/<int:pk>/cite/<str:requirement>/", application.cite, name="application-cite"),
    path("applications/<int:pk>/<slug:verb>/", verbs.application_verb, name="application-verb"),
    path("citations/<int:pk>/uncite/", application.uncite, name="uncite"),
    path("green-codes/", grading.green_codes, name="green-codes-newest"),
    path("green-codes/<int:year>/", grading.green_codes, name="green-codes"),
    path("titles/<str:number>/green-code/", grading.part, name="green-code-part"),
    path("titles/<str:number>/", surveillance.holding, name="holding"),
    path("titles/<str:number>/<slug:verb>/", verbs.title_verb, name="title-verb"),
    path("obligations/<int:pk>/", forms.form, name="obligation"),
    path("obligations/<int:pk>/file/", forms.file_form, name="obligation-file"),
    path("proposals/<int:pk>/reply/", surveillance.reply, name="proposal-reply"),
    path("bodies/", body.bodies, name="body-list"),
    path("bodies/own/", body.own, name="body-own"),
    path("bodies/new/", body.new, name="body-new"),
    path("bodies/<int:pk>/", body.body, name="body"),
    path("bodies/<int:pk>/edit/", body.edit, name="body-edit"),
    path("bodies/<int:pk>/papers/new/", body.add_paper, name="body-paper-new"),
    path("bodies/<int:pk>/papers/<int:key>/file", body.paper, name="body-paper"),
    path("bodies/<int:pk>/<slug:kind>/new/", body.entry, name="body-entry-new"),
    path("bodies/<int:pk>/<slug:kind>/<int:key>/", body.entry, name="body-entry"),
    path("experts/own/", panel.own, name="expert-own"),
    re_path("^experts/own/(?P<what>away|tie)/$", panel.change, name="expert-change"),
    path("seats/", seats.seats, name="seats"),
    path("seats/<int:pk>/", seats.seat, name="seat"),
    path("seats/<int:pk>/declare/", seats.declare, name="seat-declare"),
    path("seats/<int:pk>/save/", fieldwork.save, name="seat-save"),
    path("seats/<int:pk>/visits/new/", fieldwork.visit, name="seat-visit"),
    path("seats/<int:pk>/workbook.xlsx", fieldwork.give, name="seat-workbook"),
    path("seats/<int:pk>/workbook/", fieldwork.take, name="seat-workbook-in"),
    path("evaluations/<int:pk>/report.pdf", fieldwork.report, {"form": "pdf"}, name="evaluation-pdf"),
    path("evaluations/<int:pk>/report.docx", fieldwork.report, {"form": "docx"}, name="evaluation-docx"),
    path("site-photos/<int:pk>/file", fieldwork.photo, name="visit-photo"),
    path("seats/<int:pk>/evidence/<int:evidence>/file", seats.seat_file, name="seat-file"),
]
