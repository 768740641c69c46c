"""The floor: what a page costs when it asks nothing but who is signed in."""

from django.http import HttpResponse
from django.urls import path

from accounts.access import access
from pilotwork.urls import handler403
from pilotwork.urls import urlpatterns as site

PAGES = {}


@access()
def floor(request, name):
    """The stored bytes of the page `name`; the user is loaded, nothing else is asked."""
    return HttpResponse(PAGES[name])


urlpatterns = [path("floor/<str:name>/", floor, name="floor"), *site]
__all__ = ["PAGES", "handler403", "urlpatterns"]
