"""A printed form: a page of the site, or a file of its own in an archive."""

from dataclasses import dataclass, field

from django.shortcuts import render
from django.template.loader import render_to_string


@dataclass(frozen=True)
class Paper:
    """An A4 form: its template (which extends print_base.html) and what it says."""

    template: str
    context: dict = field(default_factory=dict)

    def page(self, request):
        """Return the response that shows the form, with the buttons above it."""
        return render(request, self.template, self.context)

    def file(self, styles: str) -> bytes:
        """Return the form alone as HTML; `styles` is where its style sheet lies beside it."""
        return render_to_string(self.template, {**self.context, "styles": styles}).encode()
