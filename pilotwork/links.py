"""Addresses of pages, worked out once: on a page of many links Django's looking up adds up."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, reverse


def link(name, *args):
    """The address of the page that is called `name`, as `django.urls.reverse` gives it."""
    return _link(settings.ROOT_URLCONF, get_script_prefix(), name, args)


@lru_cache(maxsize=4096)
def _link(urlconf, prefix, name, args):
    return reverse(name, urlconf, args)
