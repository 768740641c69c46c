"""The page that asks for the password again before another page is opened."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import access
from accounts.confirming import ConfirmForm, next_of
from accounts.freshness import FIELD, WRONG, is_own_password


@access()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request):
    """Ask for the password and go on to `next`."""
    form = ConfirmForm(request.POST or None)
    if form.is_valid():
        if is_own_password(request, form.cleaned_data[FIELD]):
            messages.success(request, "密码已确认，请继续办理或再点一次下载。")
            return redirect(next_of(request))
        form.add_error(FIELD, WRONG)
    context = {
        "form": form,
        "action": request.get_full_path(),
        "repeated": [("next", next_of(request))],
        "minutes": settings.REAUTH_MINUTES,
    }
    return render(request, "accounts/confirm.html", context)
