"""People, duties and the log in Django's admin: all read-only, with buttons to the verbs' pages."""

from django.contrib import admin
from django.urls import reverse

from accounts.models import DutyGrant, TransitionLog, User
from pilotwork.site import ReadOnlyAdmin


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["name", "post", "username", "is_active", "must_change_password"]
    list_filter = ["is_active", "duty_grants__duty"]
    search_fields = ["name", "post", "username", "name_key"]
    fields = [
        "name",
        "post",
        "username",
        "email",
        "gets_digest",
        "name_key",
        "is_active",
        "must_change_password",
    ]

    def buttons(self, request, obj):
        pk = [obj.pk]
        return [
            ("职责与账户", obj.get_absolute_url()),
            ("修改资料", reverse("accounts:edit_person", args=pk)),
            ("授予职责", reverse("accounts:grant_duty", args=pk)),
            ("发放登录凭据", reverse("accounts:credentials", args=pk)),
        ]


@admin.register(DutyGrant)
class DutyGrantAdmin(ReadOnlyAdmin):
    list_display = ["user", "duty", "starts_on", "ends_on", "reason"]
    list_filter = ["duty", "starts_on"]
    list_select_related = ["user"]
    search_fields = ["user__name", "user__username", "reason"]

    def buttons(self, request, obj):
        opening = [("查看人员", obj.user.get_absolute_url())]
        ending = [("结束职责", reverse("accounts:end_duty", args=[obj.pk]))]
        return opening + (ending if obj.is_open else [])


@admin.register(TransitionLog)
class TransitionLogAdmin(ReadOnlyAdmin):
    list_display = ["at", "content_type", "object_id", "number", "label", "by_name", "opinion"]
    list_filter = ["content_type", "act", "at"]
    list_select_related = ["content_type"]
    search_fields = ["by_name", "label", "opinion", "minutes_number"]
    ordering = ["-at", "-id"]
