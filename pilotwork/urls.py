"""The whole site's addresses on one screen."""

from django.contrib import admin
from django.urls import include, path

from pilotwork.health import health
from reports.views import public
from reports.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("p/<uuid:token>/", public.public_unit, name="public_unit"),
    path("p/<uuid:token>/suggest/", public.suggest, name="public_suggest"),
    path("p/<uuid:token>/answer/", public.find_answer, name="public_find_answer"),
    path("p/receipt/<slug:code>/", public.receipt, name="public_receipt"),
    path("robots.txt", public.robots, name="robots"),
    path("healthz", health, name="health"),
    path("accounts/", include("accounts.urls")),
    path("units/", include("units.urls")),
    path("mentors/", include("mentors.urls")),
    path("funds/", include("funds.urls")),
    path("pairings/", include("pairings.urls")),
    path("awards/", include("awards.urls")),
    path("reports/", include("reports.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "pilotwork.errors.bad_request"
handler403 = "pilotwork.errors.permission_denied"
handler404 = "reports.views.public.not_found"
handler500 = "reports.views.public.server_error"
