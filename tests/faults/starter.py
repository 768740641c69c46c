"""Starts gunicorn again and again, quickly: `python -m tests.faults.starter ARGUMENTS OF GUNICORN`.

The modules are read once, and with a line "warm COOKIE PATH" what a process keeps of a page. Each
line "start" on the standard input forks a process, the leader of a group of its own, that becomes a
whole gunicorn with its workers, and answers its number.
"""

import os
import signal
import sys

from django.db import connections
from django.test import Client
from django.urls import get_resolver
from gunicorn.app.wsgiapp import WSGIApplication

from pilotwork.wsgi import application


class Server(WSGIApplication):
    """gunicorn as its command line makes it, around the application that is loaded already."""

    def load(self):
        return application


def become_gunicorn():
    """Never returns."""
    os.setsid()
    sys.stdin.close()
    Server("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()
    os._exit(0)


def start():
    """Fork a gunicorn; returns its number."""
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        become_gunicorn()
    return pid


def warm(cookie, path):
    """Answer a page once, as the person of the cookie, without a server; returns the status."""
    status = Client(headers={"Cookie": cookie, "Host": "127.0.0.1"}).get(path).status_code
    connections.close_all()
    return status


def main():
    """Do what is asked until nobody asks any more; the dead are not waited for."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # Every room's views, forms and rules are read now, not at each server's first request.
    assert get_resolver().url_patterns
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        word, *arguments = line.split()
        sys.stdout.write(f"{ASKED[word](*arguments)}\n")
        sys.stdout.flush()


ASKED = {"start": start, "warm": warm}

if __name__ == "__main__":
    main()
