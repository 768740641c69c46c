"""The shape of what is typed when signing in and when managing people."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm

from accounts.actions import normalise_code
from accounts.factors import DIGITS
from accounts.freshness import is_own_password
from accounts.models import Duty, User
from pilotwork import clock
from pilotwork.forms import DateField

SAME_PASSWORD = "新密码不能与现在的密码相同。"


class SignInForm(AuthenticationForm):
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": "登录名或密码不正确，请核对后再试。连续输错多次会暂时锁定。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "登录名"
        self.fields["password"].label = "密码"

    def clean_username(self):
        """The name as it is spelled: so failures count together, however it is typed.

        Asks for nobody whose name no account can have; nor has the record of failures room for it.
        """
        username = self.cleaned_data["username"]
        if len(username) > self.username_field.max_length:
            raise self.get_invalid_login_error()
        return User.objects.spelled(username)


def label_passwords(form):
    """Give the two fields of a new password their words."""
    form.fields["new_password1"].label = "新密码"
    form.fields[
        "new_password1"
    ].help_text = "至少 10 个字符，不能全是数字，不能与姓名、登录名相近，也不能是常见密码。"
    form.fields["new_password2"].label = "再输一次新密码"
    form.fields["new_password2"].help_text = ""


class _NewPassword:
    """What both forms for an own new password ask: other words, and another password than now."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        label_passwords(self)

    def clean_new_password1(self):
        password = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise forms.ValidationError(SAME_PASSWORD)
        return password

    def validate_password_for_user(self, user, password_field_name="new_password1"):
        """What is wrong with the password stands beside it, not beside its repetition."""
        super().validate_password_for_user(user, "new_password1")


class FirstPasswordForm(_NewPassword, SetPasswordForm):
    """After a temporary password, which has just been typed and is not asked again."""


class OwnPasswordForm(_NewPassword, PasswordChangeForm):
    """Changing one's own password at will; guesses at the present one count towards the lockout."""

    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self):
        typed = self.cleaned_data["old_password"]
        if not is_own_password(self.request, typed):
            raise forms.ValidationError("旧密码不正确，请再输一次。")
        return typed


class RegisterForm(SetPasswordForm):
    """The person and the one-time code; who it is turns out when the code is accepted."""

    username = forms.CharField(
        label="登录名",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    code = forms.CharField(
        label="注册码",
        max_length=60,
        help_text="横线、空格和大小写不影响。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )
    field_order = ["username", "code", "new_password1", "new_password2"]

    def __init__(self, data=None):
        super().__init__(user=None, data=data)
        label_passwords(self)

    def clean_username(self):
        return User.objects.spelled(self.cleaned_data["username"])

    def clean_code(self):
        return normalise_code(self.cleaned_data["code"])

    def validate_password_for_user(self, user, password_field_name="new_password2"):
        """Nothing yet: the password is judged against the person whom the code belongs to."""

    def refuse_password(self, errors):
        """Show what the validators say of the password."""
        self.add_error("new_password1", errors)


class CodeForm(forms.Form):
    """The code of the phone, or a recovery code in its place."""

    code = forms.CharField(
        label="验证码",
        max_length=40,
        help_text="手机上显示的 6 位数字；手机不在身边时填一个恢复码。",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "autofocus": True}
        ),
    )


class FirstCodeForm(forms.Form):
    """The first code of a phone, which shows that it has the key."""

    code = forms.CharField(
        label="手机上显示的 6 位验证码",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self):
        code = normalise_code(self.cleaned_data["code"])
        if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
            raise forms.ValidationError("请输入 6 位数字。")
        return code


class ResetFactorForm(forms.Form):
    """Why somebody's second factor is taken away."""

    reason = forms.CharField(
        label="原因", max_length=200, help_text="如：手机遗失，本人当面申请。本人会看到。"
    )


class PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "post", "username", "email", "name_key"]
        help_texts = {
            "username": "登录时使用，建议用姓名全拼；发出后尽量不改。",
            "post": "如：团县委副书记、王口镇团委书记。",
            "email": "选填。开通了每日提醒的，每天把待办件数发到这个邮箱。",
        }


class GrantForm(forms.Form):
    duty = forms.ChoiceField(label="职责", choices=Duty.choices)
    starts_on = DateField(label="开始日期", initial=clock.today)
    ends_on = DateField(
        label="结束日期", required=False, help_text="请假、外出期间代理时填写；长期任职留空。"
    )
    reason = forms.CharField(label="缘由", max_length=200, required=False)

    def clean(self):
        super().clean()
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "结束日期不能早于开始日期。")


class EndForm(forms.Form):
    """The last day of a duty or a membership."""

    ends_on = DateField(label="最后一天", initial=clock.today, help_text="当天仍有效，次日起失效。")
