"""The WSGI application that gunicorn serves."""

import os

import django

from pilotwork.request import Application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pilotwork.settings")
django.setup(set_prefix=False)

application = Application()
