"""The pairings room's addresses."""

from django.urls import path

from pairings import views

app_name = "pairings"
urlpatterns = [
    path("", views.pairing_list, name="pairings"),
    path("new/", views.pair, name="pair"),
    path("<int:pk>/end/", views.end, name="end"),
]
