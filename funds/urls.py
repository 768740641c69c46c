"""The funds room's addresses: applications and their verbs, changes, accounts and entries."""

from django.urls import path

from funds.views import applications, carry_over, changes, drafts, dues, ledger, plaques, prints

app_name = "funds"
urlpatterns = [
    path("applications/", applications.application_list, name="applications"),
    path("applications/new/", drafts.new_application, name="new_application"),
    path("applications/<int:pk>/", applications.application, name="application"),
    path("applications/<int:pk>/edit/", drafts.edit_application, name="edit_application"),
    path("applications/<int:pk>/discard/", drafts.discard_application, name="discard_application"),
    path("applications/<int:pk>/versions/<int:number>/", applications.version, name="version"),
    path("applications/<int:pk>/approval-form/", prints.approval_form, name="approval_form"),
    path("applications/<int:pk>/closure-form/", prints.closure_form, name="closure_form"),
    path("applications/<int:pk>/change/", changes.file_change, name="file_change"),
    path("applications/<int:pk>/<slug:verb>/", applications.act, name="act"),
    path("attachments/<int:pk>/", applications.attachment, name="attachment"),
    path("changes/<int:pk>/", changes.change, name="change"),
    path("changes/<int:pk>/<slug:verb>/", changes.act, name="act_on_change"),
    path("dues/", dues.dues_list, name="dues"),
    path("dues/print/", dues.print_year, name="print_dues"),
    path("dues/refund/", dues.refund_all, name="refund_dues"),
    path("dues/of/<int:pk>/record/", dues.record, name="record_dues"),
    path("dues/files/<int:pk>/", dues.use_file, name="dues_file"),
    path("dues/<int:pk>/", dues.dues_record, name="dues_record"),
    path("dues/<int:pk>/<slug:verb>/", dues.act, name="act_on_dues"),
    path("accounts/", ledger.account_list, name="accounts"),
    path("accounts/<int:pk>/", ledger.account, name="account"),
    path("accounts/<int:pk>/receive/", ledger.receive, name="receive"),
    path("accounts/<int:pk>/plan/", ledger.plan_receipt, name="plan_receipt"),
    path("accounts/<int:pk>/reconcile/", ledger.reconcile, name="reconcile"),
    path("carry-overs/of/<int:pk>/", carry_over.decide, name="decide_carry_over"),
    path("carry-overs/<int:pk>/", carry_over.carry_over, name="carry_over"),
    path("carry-overs/<int:pk>/<slug:verb>/", carry_over.act, name="act_on_carry_over"),
    path("plaques/", plaques.plaque_list, name="plaques"),
    path("plaques/new/", plaques.propose, name="propose_plaque"),
    path("plaques/<int:pk>/", plaques.plaque, name="plaque"),
    path("plaques/<int:pk>/renew/", plaques.renew, name="renew_plaque"),
    path("plaques/<int:pk>/qr/", plaques.print_qr, name="print_plaque_qr"),
    path("plaques/<int:pk>/qr.svg", plaques.qr, name="plaque_qr"),
    path("plaques/<int:pk>/<slug:verb>/", plaques.act, name="act_on_plaque"),
    path("plaque-photos/<int:pk>/", plaques.photo, name="plaque_photo"),
    path("entries/<int:pk>/voucher/", prints.voucher, name="voucher"),
    path("entries/<int:pk>/reverse/", ledger.reverse_receipt, name="reverse_receipt"),
]
