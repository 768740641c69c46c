"""Content types, which Django asks for one by one as each kind of row is first met."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType


def remember_all():
    """Keep every content type in this process: one query in a new one, none afterwards."""
    ContentType.objects.get_for_models(*apps.get_models())
