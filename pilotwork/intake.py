"""What a browser sends, looked at once before any page reads it: its size and its letters.

Forms judge what is typed into them; here ends what no form should have to think of.
"""

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import QueryDict, UnreadablePostError
from django.template.loader import render_to_string

from pilotwork.files import MAX_BYTES, MAX_FILES
from pilotwork.text import legible

# As many files as one form takes, and the words around them.
MAX_BODY = MAX_FILES * MAX_BYTES + 5 * 1024 * 1024
# Bytes of an address behind its question mark. Ours stay below 1,000; a number with more digits, or
# a text with more letters, than a database can look for does not fit in.
MAX_QUERY = 4000


class IntakeMiddleware:
    """Refuses what is too large to be meant; takes unseen, acting characters out of the rest.

    Pages and forms meet only `legible` text, in the address and in what was typed. Passwords stay
    as they are. A method that an address does not know is answered with a page of our own too.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        refuse_too_large(request)
        request.GET = cleaned(request.GET)
        if request.method == "POST":
            request.POST = cleaned(posted(request))
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            response.content = render_to_string("405.html", request=request)
        return response


def refuse_too_large(request):
    """Raise BadRequest for an address, RequestDataTooBig for a body, that is larger than we take.

    BadRequest too for a body whose length is no number.
    """
    if len(request.META.get("QUERY_STRING", "")) > MAX_QUERY:
        raise BadRequest("The address is too long.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal():
        raise BadRequest("The length is no number.")
    if int(length[:20]) > MAX_BODY:
        raise RequestDataTooBig("The body is larger than all files of a form may be.")


def posted(request):
    """The form that was sent; raises BadRequest where its end never arrived."""
    try:
        return request.POST
    except UnreadablePostError as error:
        raise BadRequest("The browser hung up.") from error


def cleaned(fields):
    """The QueryDict `fields` with `legible` values; itself where there is nothing to take out.

    A field whose very name is not legible belongs to no form of ours and is left out.
    """
    lists = [
        (name, [legible(value) for value in values] if is_shown(name) else values)
        for name, values in fields.lists()
        if legible(name) == name
    ]
    if lists == list(fields.lists()):
        return fields
    result = QueryDict(mutable=True)
    for name, values in lists:
        result.setlist(name, values)
    result._mutable = False
    return result


def is_shown(name):
    """Whether a field's value is ever shown to anybody; a password is not."""
    return "password" not in name
