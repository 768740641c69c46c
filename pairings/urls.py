"""The pairings room's addresses: pairs, their seminars and agreements."""

from django.urls import path

from pairings.views import agreements, pairs, seminars

app_name = "pairings"
urlpatterns = [
    path("", pairs.pairing_list, name="pairings"),
    path("new/", pairs.pair, name="pair"),
    path("<int:pk>/", pairs.pairing, name="pairing"),
    path("<int:pk>/end/", pairs.end, name="end"),
    path("<int:pk>/seminars/new/", seminars.enter, name="enter_seminar"),
    path(
        "<int:pk>/seminars/on-behalf/",
        seminars.enter_on_behalf,
        name="enter_seminar_on_behalf",
    ),
    path("<int:pk>/agreements/new/", agreements.enter, name="enter_agreement"),
    path(
        "<int:pk>/agreements/on-behalf/",
        agreements.enter_on_behalf,
        name="enter_agreement_on_behalf",
    ),
    path("seminars/", seminars.seminar_list, name="seminars"),
    path("seminars/<int:pk>/", seminars.seminar, name="seminar"),
    path("seminars/<int:pk>/print/", seminars.print_minutes, name="print_seminar"),
    path("seminars/<int:pk>/<slug:verb>/", seminars.act, name="act_on_seminar"),
    path("seminar-photos/<int:pk>/", seminars.photo, name="seminar_photo"),
    path("agreements/", agreements.agreement_list, name="agreements"),
    path("agreements/<int:pk>/", agreements.agreement, name="agreement"),
    path("agreements/<int:pk>/print/", agreements.print_agreement, name="print_agreement"),
    path("agreements/<int:pk>/<slug:verb>/", agreements.act, name="act_on_agreement"),
    path("agreement-files/<int:pk>/", agreements.file, name="agreement_file"),
]
