"""Django's admin as this project opens it: for administrators, in Chinese, never a way round.

Reference data may be added and changed; states, people's duties and money are only read, and what
may be done with them is a button that leads to the same page as everybody uses (DESIGN, admin).
"""

import re
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.shortcuts import redirect
from django.urls import reverse

from pilotwork.forms import WITHIN_REACH

OFFERED_LOOKUPS = {"exact", "gte", "lt", "isnull"}
HUGE = re.compile(r"\d{19}")


class AdminSite(admin.AdminSite):
    site_title = "试点工作台"
    site_header = "试点工作台 · 系统管理"
    index_title = "基础资料"
    enable_nav_sidebar = True

    @property
    def site_url(self):
        return reverse("home")

    def has_permission(self, request):
        """Only people who hold the administrator's duty today (and a new installation's superuser)."""
        user = request.user
        return user.is_authenticated and user.is_active and user.is_administrator

    def register(self, model_or_iterable, admin_class=None, **options):
        """Take our own guarded pages only.

        What Django and axes would register (groups, attempts) asks model permissions, of which a
        superuser has all; duties take their place here.
        """
        if admin_class is not None and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def login(self, request, extra_context=None):
        """No sign-in page of its own: the site's, with its lockout, serves here too."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied("系统管理只对系统管理员开放。")
        target = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': target})}")

    def password_change(self, request, extra_context=None):
        """The site's own page changes passwords."""
        return redirect("accounts:change_password")


class AdminConfig(DjangoAdminConfig):
    default_site = "pilotwork.site.AdminSite"


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to look at, for administrators; nobody adds, changes or deletes any here.

    Permissions are the administrator's duty, not Django's model permissions, of which every
    superuser has all.
    """

    actions = None
    list_per_page = 50
    show_full_result_count = False
    change_form_template = "admin/with_buttons.html"

    def get_queryset(self, request):
        return self.readable(super().get_queryset(request), request.user)

    def readable(self, rows, user):
        """Those of `rows` that `user` may see.

        Records that do not say so themselves are shown to people with a duty: a new installation's
        superuser sets up people and reference data, and reads nobody's matters.
        """
        if hasattr(rows, "visible_to"):
            return rows.visible_to(user)
        return rows if user.is_county else rows.none()

    def lookup_allowed(self, lookup, value, request):
        """What the filters beside a list ask; no other question that Django could make of an address.

        Some of those the database could not answer: a broken pattern, a number that no column holds.
        """
        is_offered = lookup.rpartition("__")[2] in OFFERED_LOOKUPS
        return (
            is_offered and not HUGE.search(value) and super().lookup_allowed(lookup, value, request)
        )

    def has_module_permission(self, request):
        return request.user.is_administrator

    def has_view_permission(self, request, obj=None):
        return request.user.is_administrator

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def buttons(self, request, obj):
        """What may be done with `obj` elsewhere, by this person now: (label, url) pairs."""
        return []

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["buttons"] = self.buttons(request, obj) if obj else []
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


class MatterAdmin(ReadOnlyAdmin):
    """Matters this person may see, each with the verbs it permits him now as buttons."""

    page_url_name = ""  # the matter's own page, by pk
    verb_url_name = ""  # a verb's form, by pk and verb

    def get_fields(self, request, obj=None):
        """First what only verbs set (`readonly_fields`), then what was written."""
        written = super().get_fields(request, obj)
        return [*self.readonly_fields, *(f for f in written if f not in self.readonly_fields)]

    def buttons(self, request, obj):
        opening = [("打开事项页面", reverse(self.page_url_name, args=[obj.pk]))]
        return opening + verb_buttons(obj, request.user, self.verb_url_name)


def verb_buttons(matter, user, url_name):
    """(label, url) of every verb that `user` may use on `matter` now."""
    labels = {verb.name: verb.custom["label"] for verb in matter.declared_transitions()}
    return [
        (labels[name], reverse(url_name, args=[matter.pk, name])) for name in matter.verbs_for(user)
    ]


class ReferenceForm(forms.ModelForm):
    """Asks the table's constraints also about what the form does not show."""

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        try:
            self.instance.validate_constraints()
        except ValidationError:
            self.add_error(None, "与已有的资料冲突：同样的一项已经有了，请先查看列表。")


class ReferenceAdmin(ReadOnlyAdmin):
    """Reference data, which administrators add and change; `fixed` cannot be changed later."""

    form = ReferenceForm
    formfield_overrides = {models.DateField: {"validators": WITHIN_REACH}}
    fixed = ()

    def readable(self, rows, user):
        """All of them: whoever keeps reference data sees what there is."""
        return rows

    def has_add_permission(self, request):
        return request.user.is_administrator

    def has_change_permission(self, request, obj=None):
        return request.user.is_administrator and not getattr(obj, "sealed", "")

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, *(self.fixed if obj else ())]
