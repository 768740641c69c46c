"""One request as data, so that it can be printed and sent again; and the judgement of its answer."""

import dataclasses
import re
import traceback
import urllib.parse
from contextlib import contextmanager

from django.conf import settings
from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client, RequestFactory

from pilotwork.wsgi import application
from tests.fuzz.planted import formulas_in, marks_in
from tests.pages.found import EVERYBODY

BOUNDARY = "fuzzfuzzfuzz"
READING = {"GET", "HEAD", "OPTIONS"}
TOKEN = "t" * 32
ANSWERS = {200, 301, 302, 400, 403, 404, 405, 413, 429}
# What must be escaped wherever it is shown: tests/fuzz/hostile.py and planted.py type it.
RAW = re.compile(rb"<script>ran|[\"'] on\w+=ran|<plant|href=[\"']javascript:", re.I)


@dataclasses.dataclass(frozen=True)
class Ask:
    """A request: who sends it, what, and, where it is no ordinary form, the body as it is."""

    kind: str
    method: str
    address: str
    data: tuple = ()
    files: tuple = ()
    headers: tuple = ()
    body: bytes | None = None
    content_type: str = ""

    def __str__(self):
        return re.sub(
            r"'(?:[^'\\]|\\.){300,}'|b'(?:[^'\\]|\\.){300,}'",
            lambda long: f"{long.group()[:60]}…({len(long.group())} characters)'",
            repr(self),
        )

    def encoded(self):
        """(body, content type) as a browser would send them."""
        if self.body is not None:
            return self.body, self.content_type
        if self.files:
            return multipart(self.data, self.files), f"multipart/form-data; boundary={BOUNDARY}"
        pairs = [(name, utf8(value)) for name, value in self.data]
        return urllib.parse.urlencode(pairs).encode(), "application/x-www-form-urlencoded"


def utf8(text):
    """The bytes of `text`, lone surrogates too."""
    return text.encode("utf-8", "surrogatepass")


def multipart(data, files):
    """A multipart body without the escaping of a well-behaved browser."""
    parts = []
    for name, value in data:
        parts.append(
            f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + utf8(value)
        )
    for name, file_name, content_type, content in files:
        head = f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        parts.append(utf8(f"{head}Content-Type: {content_type}\r\n\r\n") + content)
    edge = f"--{BOUNDARY}".encode()
    return b"".join(edge + b"\r\n" + part + b"\r\n" for part in parts) + edge + b"--\r\n"


@dataclasses.dataclass(frozen=True)
class Answer:
    """What the site's WSGI application answered."""

    status: int
    headers: dict
    content: bytes

    @property
    def is_html(self):
        return "text/html" in self.headers.get("Content-Type", "")


class Environ(RequestFactory):
    """Makes what a web server would hand over, instead of the request that Django makes of it."""

    def request(self, **environ):
        return self._base_environ(**environ)


class Browsers:
    """A fresh browser for every request, with the session of the kind of person that sends it.

    Everything goes through the application that gunicorn serves. What a request has written is taken
    back, so that the next one meets the same world.
    """

    def __init__(self, world, planted):
        self.planted = planted
        self.hidden = {
            kind: planted.hidden_from(world.people[username] if username else None)
            for kind, username in EVERYBODY.items()
        }
        self.cookies = {
            kind: session_of(world.people[username]) if username else ""
            for kind, username in EVERYBODY.items()
        }
        self.trouble = ""
        got_request_exception.connect(self._note)

    def _note(self, **kwargs):
        self.trouble = traceback.format_exc(limit=-6)

    def send(self, ask):
        """(answer, fault): what the site answers, and what is wrong with it in words, or ""."""
        self.trouble, answer = "", None
        try:
            with transaction.atomic():
                answer = self._answer(ask)
                if ask.method not in READING:
                    transaction.set_rollback(True)
        except Exception:
            return None, traceback.format_exc(limit=-6)
        return answer, self.trouble or fault_of(ask, answer) or self._leak(ask, answer)

    def _leak(self, ask, answer):
        """What an answer tells that this kind of person must not see; "" for nothing.

        The public page is for everybody: what it may say, its own tests hold.
        """
        is_public = ask.address.startswith("/p/")
        leaked = set() if is_public else marks_in(answer) & self.hidden[ask.kind]
        return f"leaks {self.planted.origins(leaked)}" if leaked else ""

    def _answer(self, ask):
        body, content_type = ask.encoded() if ask.method not in READING else (b"", "")
        cookies = {"csrftoken": TOKEN, settings.SESSION_COOKIE_NAME: self.cookies[ask.kind]}
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items() if v)}
        headers |= {"X-CSRFToken": TOKEN, **dict(ask.headers)}
        environ = Environ().generic(ask.method, ask.address, body, content_type, headers=headers)
        started = {}

        def start(status, headers, exc_info=None):
            started.update(status=int(status.split()[0]), headers=dict(headers))

        with connection_kept():
            chunks = application(environ, start)
            content = b"".join(chunks)
            chunks.close()
        return Answer(content=content, **started)


@contextmanager
def connection_kept():
    """Let no request close the database's connection, and so the transaction around it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def session_of(person):
    """The session cookie of a browser in which `person` is signed in."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def fault_of(ask, answer):
    """What is wrong with an answer to whatever was asked, "" for nothing."""
    if answer.status not in ANSWERS:
        return f"status {answer.status}"
    if answer.status >= 400 and ask.method != "HEAD":
        text = answer.content.decode()
        if "<h1" not in text or 'lang="zh' not in text:
            return f"status {answer.status} without the site's own page: {text[:200]!r}"
    if answer.content.startswith(b"PK") and formulas_in(answer.content):
        return f"formulas in {formulas_in(answer.content)}"
    raw = RAW.search(answer.content) if answer.is_html else None
    return f"unescaped: {answer.content[max(raw.start() - 200, 0) :][:400]!r}" if raw else ""
