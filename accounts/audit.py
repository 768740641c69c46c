"""Recording for 审计, in one place: what an answer gives out is read from the answer itself.

No view says that it is to be recorded, so none can forget it. A file is any answer that is no page
(`Content-Disposition`, or a type that pages do not have), a printed form any page that extends
print_base.html, which says so by its tag. Signing in and out Django says itself, whichever way.
"""

import html
import re

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.http import parse_header_parameters

from accounts.models import AuditEvent, AuditKind, User
from pilotwork.address import client_address
from pilotwork.files import Attachment
from pilotwork.request_log import current_request_id
from pilotwork.text import plain

# Answers of these types are pages.
PAGES = {"text/html", "text/plain", "application/json"}
# Pictures within pages, made by us: QR codes, the guide's. What is uploaded is never of these types.
PICTURES_OF_PAGES = {"image/svg+xml", "image/webp"}
TITLE = re.compile(rb"<title>(.*?)</title>", re.S)
SITE = " · 试点工作台"
LONGEST_TITLE, LONGEST_PATH = 300, 500


def given_out(request, response):
    """What kind of thing an answer gives to take along or look into (an AuditKind); None for none."""
    if response.status_code != 200 or request.method == "HEAD":
        return None
    if getattr(request, "is_printed_form", False):
        return AuditKind.PRINT
    content_type = response.get("Content-Type", "").partition(";")[0].strip()
    is_page = content_type in PAGES and not response.has_header("Content-Disposition")
    if is_page or content_type in PICTURES_OF_PAGES:
        return None
    is_attachment = isinstance(getattr(request, "page_object", None), Attachment)
    return AuditKind.ATTACHMENT if is_attachment else AuditKind.EXPORT


def title_of(response):
    """The name of the file that an answer is, or of the form that it shows."""
    disposition = parse_header_parameters(response.get("Content-Disposition", ""))[1]
    if disposition.get("filename"):
        return disposition["filename"]
    found = None if response.streaming else TITLE.search(response.content)
    return html.unescape(found.group(1).decode()).strip().removesuffix(SITE) if found else ""


def address_of(request):
    """The address as people read it, with what was asked for; never what was posted."""
    asked = "&".join(
        f"{name}={value}" for name in request.GET for value in request.GET.getlist(name)
    )
    return f"{request.path}?{asked}" if asked else request.path


def record(kind, request, by, *, title="", path="", about=None):
    """Keep one AuditEvent; `by` is a User or None, `about` the object that the page is about.

    Raises DatabaseError when it cannot be kept; nothing else has been changed then.
    """
    with transaction.atomic():
        return AuditEvent.objects.create(
            kind=kind,
            by=by,
            by_name=str(by) if by else "",
            title=plain(title).replace("\n", " ")[:LONGEST_TITLE],
            path=plain(path).replace("\n", " ")[:LONGEST_PATH],
            content_type_id=_type_of(about),
            object_id=about.pk if about is not None else None,
            client=client_address(request) if request is not None else "",
            request_id=current_request_id(),
        )


def _type_of(about):
    return None if about is None else ContentType.objects.get_for_model(about).pk


def record_given_out(request, response, kind):
    """Keep that this person was given this answer."""
    return record(
        kind,
        request,
        request.user,
        title=title_of(response),
        path=address_of(request),
        about=getattr(request, "page_object", None),
    )


# --- Receivers of Django's and axes' own signals, connected in accounts/apps.py ---------------


def signed_in(sender, request, user, **kwargs):
    """Somebody has signed in, by whatever way."""
    record(AuditKind.SIGN_IN, request, user)


def signed_out(sender, request, user, **kwargs):
    """Somebody has signed out; nobody when the session had ended by itself."""
    if user is not None:
        record(AuditKind.SIGN_OUT, request, user)


def sign_in_failed(sender, credentials, request=None, **kwargs):
    """A sign-in failed; the name that was typed is kept only where it is an account's."""
    _record_attempt(AuditKind.FAILED, request, credentials.get("username"))


def locked_out(sender, request, username=None, **kwargs):
    """Too many failures: this name is locked from this address for a while."""
    _record_attempt(AuditKind.LOCKED, request, username)


def _record_attempt(kind, request, username):
    user = User.objects.filter(username=plain(username)).first() if username else None
    record(kind, request, user, title="" if user else "登录名不存在")
