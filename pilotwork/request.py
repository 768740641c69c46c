"""The request as the site reads it."""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Request(WSGIRequest):
    """A request in UTF-8, as our pages are, whatever charset it claims.

    Python knows many codecs: some are no charset at all and break where Django reads the form with
    them, others make letters that no database keeps.
    """

    def _set_content_type_params(self, meta):
        content_type = meta.get("CONTENT_TYPE", "")
        self.content_type, self.content_params = parse_header_parameters(content_type)
        self.content_params.pop("charset", None)


class Application(WSGIHandler):
    """The site as a WSGI application, answering `Request`s."""

    request_class = Request
