"""What a browser does, without one: a session with cookies, forms read from pages and sent back."""

import requests
from lxml import html

from tests.factories import PASSWORD

PATIENCE = 60  # seconds
# Whatever the server's death may look like from outside.
NO_ANSWER = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


class Browser:
    """One person's browser on one server."""

    def __init__(self, url, username):
        self.url, self.username = url, username
        self.session = requests.Session()
        # Nothing of this machine's proxies stands between.
        self.session.trust_env = False

    @property
    def cookie(self):
        """The session's cookie as a header says it."""
        return f"sessionid={self.session.cookies['sessionid']}"

    def get(self, path):
        """The answer to an address, redirects not followed."""
        return self.session.get(self.url + path, timeout=PATIENCE, allow_redirects=False)

    def fields_of(self, path, field):
        """{name: value} of the form on the page `path` that has a field named `field`."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.headers)
        page = html.fromstring(answer.content)
        form = next(form for form in page.forms if field in form.fields)
        return dict(form.form_values())

    def post(self, path, fields, files=None):
        """Send a form; the answer, redirects not followed."""
        return self.session.post(
            self.url + path, fields, files=files, timeout=PATIENCE, allow_redirects=False
        )

    def sign_in(self):
        """Sign in with the factories' password."""
        fields = self.fields_of("/accounts/sign-in/", "username")
        fields |= {"username": self.username, "password": PASSWORD}
        answer = self.post("/accounts/sign-in/", fields)
        assert answer.status_code == 302, answer.text
        return self
