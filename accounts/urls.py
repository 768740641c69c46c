"""The accounts room's addresses: signing in and out, one's password, and people with duties."""

from django.urls import path

from accounts.views import confirm, factor, people, secrets, session

app_name = "accounts"
urlpatterns = [
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-out/", session.sign_out, name="sign_out"),
    path("register/", session.register, name="register"),
    path("password/", session.change_password, name="change_password"),
    path("confirm/", confirm.confirm, name="confirm"),
    path("second-factor/", factor.second_factor, name="second_factor"),
    path("second-factor/code/", factor.enter_code, name="enter_code"),
    path("second-factor/recovery-codes/", factor.renew_codes, name="renew_codes"),
    path("second-factor/give-up/", factor.give_up, name="give_up_factor"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/<int:pk>/edit/", people.edit_person, name="edit_person"),
    path("people/<int:pk>/credentials/", secrets.credentials, name="credentials"),
    path("people/<int:pk>/password/", secrets.temporary_password, name="temporary_password"),
    path("people/<int:pk>/code/", secrets.registration_code, name="registration_code"),
    path("people/<int:pk>/switch-off/", people.switch_off, name="switch_off"),
    path("people/<int:pk>/switch-on/", people.switch_on, name="switch_on"),
    path("people/<int:pk>/digest/", people.switch_digest, name="switch_digest"),
    path("people/<int:pk>/lift-lockout/", people.lift_lockout, name="lift_lockout"),
    path("people/<int:pk>/second-factor/reset/", factor.reset, name="reset_factor"),
    path("people/<int:pk>/duties/new/", people.grant_duty, name="grant_duty"),
    path("duties/<int:pk>/end/", people.end_duty, name="end_duty"),
]
