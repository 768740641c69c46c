"""Addresses that break, for the tests of what is said then."""

from django.urls import path

from pilotwork.urls import handler500 as handler500


def broken(request):
    raise ZeroDivisionError("张三 was here")


urlpatterns = [path("broken/", broken, name="broken"), path("p/broken/", broken, name="p_broken")]
