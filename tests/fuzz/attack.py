"""Makes request number N of a run out of what the crawl has found: the same one for the same seed."""

import dataclasses
import random
import urllib.parse

from tests.fuzz import hostile
from tests.fuzz.asking import Ask
from tests.fuzz.crawl import view_of
from tests.pages.found import EVERYBODY

METHODS = ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "POST", "FOO", "post"]
HEADERS = [
    ("HX-Request", "true"),
    ("HX-Target", "\x00<script>"),
    ("HX-Current-URL", "http://[::1"),
    ("HX-Current-URL", "javascript:ran(1)"),
    ("HX-Prompt", "%FF%00"),
    ("HX-Current-URL-URI-AutoEncoded", "true"),
    ("HX-Trigger-Name-URI-AutoEncoded", "true"),
    ("HX-Boosted", "1"),
    ("X-Requested-With", "fetch"),
    ("Referer", "http://[::1"),
    ("Referer", "\x00//evil"),
    ("Origin", "null"),
    ("Origin", "http://[bad"),
    ("Accept-Language", "x" * 600 + ";q=NaN"),
    ("Accept-Language", "zh;q=1e999,*;q=inf"),
    ("Accept", "\x00;q=NaN"),
    ("Range", "bytes=9-1,-99999999999999999999"),
    ("If-Modified-Since", "Sat, 99 Foo 99999 99:99:99 GMT"),
    ("If-None-Match", '"\x00'),
    ("X-Forwarded-For", "999.1.1.1, ::ffff:x, %00"),
    ("X-Forwarded-Host", "evil.example"),
    ("User-Agent", "\x00" + "x" * 9000),
    ("Cookie", "csrftoken=\x00; sessionid=" + "x" * 4000 + "; messages=" + "[[" * 900),
    ("Cookie", "sessionid=../../etc; =; ;;a=b=c; sessionid"),
    ("Cookie", 'messages="\\400\\999bad:sig:nature"'),
    ("Content-Length", "-1"),
    ("Content-Length", "abc"),
    ("Content-Length", "99999999999"),
    ("Content-Encoding", "gzip"),
]
FORM = "application/x-www-form-urlencoded"
TYPES = [
    *("", "text/plain", "application/json", "application/xml", "multipart/form-data", "x", "\x00"),
    *(f"{FORM}; charset={name}" for name in ("utf-7", "hex", "utf-16", "no", "\x00", "idna")),
    *(
        f"multipart/form-data; boundary=fuzzfuzzfuzz; charset={name}"
        for name in ("utf-7", "hex", "utf-16", "unicode_escape", "no", "idna", "rot13", "zip")
    ),
    *(f"multipart/form-data; boundary={edge}" for edge in ("", '"', "\x00", "x" * 300, "é")),
]
PART = b'--fuzzfuzzfuzz\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
BODIES = [
    b"",
    b"a=\xff\xfe&%ED%A0%80=%ED%A0%80&%=%&&&==&a[]=1&a[0]=2",
    b"a=" + b"%00" * 50,
    b"a=1&" * 3100,
    b"a=" + b"x" * (6 * 1024 * 1024),
    b"{" * 5000,
    b'{"opinion": NaN, "amount": 1e999, "x": "\\ud800"}',
    b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>",
    PART % (b"opinion", b"\\ud800") + b"--fuzzfuzzfuzz--\r\n",
    PART % (b"opinion", b"+2AA-") + b"--fuzzfuzzfuzz--\r\n",
    PART % (b"opinion\x00", b"\x00"),
    PART % (b'opinion"; filename="x', b"x") * 150 + b"--fuzzfuzzfuzz--\r\n",
    PART % (b"a", b"x") * 3100 + b"--fuzzfuzzfuzz--\r\n",
    b"--fuzzfuzzfuzz\r\n" * 50,
    b"--fuzzfuzzfuzz\r\nContent-Disposition: form-data; name*=utf-9''%FF\r\n\r\nx\r\n",
    b"--fuzzfuzzfuzz\r\nContent-Disposition: form-data; name=a\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n!!!=\r\n--fuzzfuzzfuzz--\r\n",
    b"--fuzzfuzzfuzz\r\nContent-Disposition: form-data; name=a\r\n"
    b"Content-Type: text/plain; charset=hex\r\n\r\nzz\r\n--fuzzfuzzfuzz--\r\n",
]
EXTRA = [
    ("state", "approved"),
    ("is_superuser", "on"),
    ("pk", "1"),
    ("id", "x"),
    ("_method", "PUT"),
]
TYPED = "照实填写的文字"


class Attack:
    """Chooses requests from a crawl; `files` are those of `hostile.files`."""

    def __init__(self, crawler, seed):
        self.seed = seed
        self.forms = list(crawler.forms.values())
        self.uploading = [form for form in self.forms if files_of(form)]
        self.opened = [
            (address, kinds)
            for found in crawler.opened.values()
            for address, kinds in found.items()
        ]
        self.query = crawler.query
        self.files = list(hostile.files())
        self.ways = [self.type, self.type, self.type, self.ask, self.ask, self.upload, self.bend]

    def number(self, number):
        """Request `number` of the run."""
        dice = random.Random(f"{self.seed}/{number}")
        return dice.choice(self.ways)(dice)

    # --- Forms ------------------------------------------------------------------------------

    def type(self, dice):
        """A form, filled in well but for one to three of its fields."""
        form = dice.choice(self.forms)
        data = filled_in(form)
        for _ in range(dice.choice((1, 1, 1, 2, 3))):
            data = self._spoil(dice, form, data)
        return sent(form, data, as_multipart=dice.random() < 0.3)

    def _spoil(self, dice, form, data):
        if not form.controls:
            return [*data, dice.choice(EXTRA)]
        control = dice.choice(form.controls)
        others = [pair for pair in data if pair[0] != control.name]
        value = dice.choice(hostile.of_kind(control.kind))
        if "-" in control.value and dice.random() < 0.3:
            value = f"{control.value.rpartition('-')[0]}-{value}"
        way = dice.random()
        if way < 0.72:
            return [*others, (control.name, value)]
        if way < 0.8:
            return others
        if way < 0.9:
            return [*data, (control.name, value), (control.name, TYPED)]
        if way < 0.95:
            return [*others, (f"{control.name}[]", value)]
        return [*data, dice.choice(EXTRA)]

    def upload(self, dice):
        """A form with one to eleven files, most of them bad."""
        form = dice.choice(self.uploading)
        name = dice.choice(files_of(form))
        count = dice.choice((1, 1, 1, 2, 3, 11))
        files = [(name, *dice.choice(self.files)) for _ in range(count)]
        return sent(form, filled_in(form), files=tuple(files))

    # --- Addresses ----------------------------------------------------------------------------

    def ask(self, dice):
        """An address with one to three hostile parameters, known ones first."""
        address, kinds = dice.choice(self.opened)
        kind = dice.choice(kinds if dice.random() < 0.8 else list(EVERYBODY))
        known = sorted(self.query.get(view_of(address), ()))
        query = []
        for _ in range(dice.choice((1, 1, 2, 3))):
            name = dice.choice(known if known and dice.random() < 0.7 else hostile.QUERY)
            value = dice.choice(hostile.for_query(name))
            query += [(name, value)] * dice.choice((1, 1, 1, 2))
        if dice.random() < 0.15:
            query.append(("format", "xlsx"))
        return Ask(kind, "GET", f"{address}?{encoded(query, dice)}")

    def bend(self, dice):
        """An ordinary address in an unheard-of way: method, headers, cookies, body, path."""
        address, kinds = dice.choice(self.opened)
        kind = dice.choice(kinds)
        way = dice.random()
        headers = tuple(dice.sample(HEADERS, dice.choice((1, 1, 2))))
        if way < 0.25:
            return Ask(kind, dice.choice(METHODS), address, headers=headers)
        if way < 0.45:
            return Ask(kind, "GET", address, headers=headers)
        if way < 0.6:
            return Ask(kind, "GET", bent(dice, address))
        address = dice.choice(self.forms).action if dice.random() < 0.8 else address
        body, content_type = dice.choice(BODIES), dice.choice([FORM, *TYPES])
        ask = Ask(kind, "POST", address, body=body, content_type=content_type)
        return dataclasses.replace(ask, headers=headers) if way < 0.7 else ask


def encoded(query, dice):
    """A query string; now and then with bytes that are no UTF-8."""
    text = urllib.parse.urlencode([(n, v.encode("utf-8", "surrogatepass")) for n, v in query])
    return text + dice.choice(["", "", "", "", "&%ED%A0%80=%ED%A0%80", "&q=%FF%FE", "&=&&%00=%00"])


def bent(dice, address):
    """The address with another number or word in its path, or something behind it."""
    parts = address.split("/")
    place = dice.randrange(1, len(parts)) if len(parts) > 2 else 1
    value = urllib.parse.quote(dice.choice(hostile.KEYS).encode("utf-8", "surrogatepass"))
    parts[place] = dice.choice([value, f"{parts[place]}{value}", "%ED%A0%80", "%FF", "..", ""])
    return "/".join(parts) or "/"


def files_of(form):
    """The names of a form's controls for files."""
    return [control.name for control in form.controls if control.kind == "file"]


def filled_in(form):
    """(name, value) of a form as a careful person would send it, what stands there kept."""
    data, chosen = [], set()
    for control in form.controls:
        if control.kind in {"file", "submit"}:
            continue
        if control.kind in {"radio", "checkbox"} and not control.value:
            if control.name in chosen or control.kind == "checkbox":
                continue
            data.append((control.name, control.options[0]))
        else:
            data.append((control.name, control.value or example_of(control)))
        chosen.add(control.name)
    return data


def example_of(control):
    """What one might type into an empty control."""
    if control.kind == "select":
        return next((option for option in control.options if option), "")
    by_kind = {"date": "2026-11-20", "decimal": "1.00", "numeric": "1", "number": "1"}
    return "" if control.kind == "hidden" else by_kind.get(control.kind, TYPED)


def sent(form, data, *, files=(), as_multipart=False):
    """The request that sends a form."""
    if form.method == "GET":
        query = urllib.parse.urlencode(
            [(name, value.encode("utf-8", "surrogatepass")) for name, value in data]
        )
        return Ask(form.kind, "GET", f"{form.action.partition('?')[0]}?{query}")
    nothing = (("no_such_field", "x.txt", "text/plain", b"x"),)
    files = files or (nothing if as_multipart else ())
    return Ask(form.kind, "POST", form.action, data=tuple(data), files=files)
