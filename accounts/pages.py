"""The page with one form that every small verb on people, mentors and pairs uses."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render, resolve_url
from django.utils.html import format_html

from pilotwork.refusals import Refused


def undoable(done, label, url):
    """The message `done` with a link to the form of what takes it back; the link changes nothing."""
    return format_html('{}<a class="undo" href="{}">办错了？{}</a>', done, url, label)


def form_page(
    request, form, act, *, back, title, button, template="accounts/form_page.html", **context
):
    """GET shows `form`; a valid POST calls ``act(**form.cleaned_data)``, says what it returns in a
    message and goes to `back`; where it returns (message, address), to that address.

    A Refused stands beside its field with everything typed kept; a stale one goes back with the
    sentence. `context` may bring sub, crumbs, tone, warning or what `template` needs.
    """
    if request.method == "POST" and form.is_valid():
        try:
            done = act(**form.cleaned_data)
        except Refused as refusal:
            if refusal.stale:
                messages.error(request, refusal.message)
                return redirect(back)
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            said, where = done if isinstance(done, tuple) else (done, back)
            messages.success(request, said)
            return redirect(where)
    buttons = [{"label": button, "kind": context.pop("tone", "primary")}]
    context |= {"form": form, "title": title, "buttons": buttons, "back_url": resolve_url(back)}
    return render(request, template, context)


def do(request, act, done, back):
    """Run a verb that needs no form: `act()`, then the message `done` or why not, then `back`."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect(back)
