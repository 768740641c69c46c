"""What a browser posts at each address of the table, and the address itself."""

import uuid

from django.urls import reverse

from pilotwork import clock
from tests.factories import days_ago
from tests.reports.briefing import shown as shown_report
from tests.reports.briefing import typed as typed_report
from tests.reports.visitors import typed as visitor_types

TODAY = clock.today


def rows_typed(prefix, **row):
    """A list of one row as a browser posts it; what belongs to no row stands beside it."""
    rows = {f"{prefix}-0-{name}": value for name, value in row.items()}
    return row | rows | {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 0}


TYPED = {
    "accounts:change_password": lambda w: {
        "old_password": "an-honest-password-2026",
        "new_password1": "another-honest-one-7",
        "new_password2": "another-honest-one-7",
    },
    "accounts:new_person": lambda w: {"username": "fresh", "name": "赵"},
    "accounts:edit_person": lambda w: {"username": "newcomer", "name": "改名"},
    "accounts:reset_factor": lambda w: {"reason": "手机遗失"},
    "accounts:grant_duty": lambda w: {"duty": "leader", "starts_on": TODAY()},
    "accounts:end_duty": lambda w: {"ends_on": TODAY()},
    "mentors:join": lambda w: {"organisation": w.town.pk, "starts_on": TODAY()},
    "mentors:end_membership": lambda w: {"ends_on": TODAY()},
    "mentors:change_mentor": lambda w: {
        "mentor": w.newcomer.pk,
        "starts_on": TODAY(),
        "reason": "调整",
    },
    "mentors:handover": lambda w: w.handover_form(),
    "mentors:register_activity": lambda w: {"name": "活动", "designed_on": TODAY()},
    "mentors:advance_activity": lambda w: {"stage": w.activity.stage},
    "mentors:record_visit": lambda w: w.visit_form(),
    "mentors:correct_visit": lambda w: w.visit_form(),
    "mentors:upload_document": lambda w: {"upload": w.scan()},
    "mentors:raise_difficulty": lambda w: {"description": "缺场地。", "on": TODAY()},
    "reports:edit_briefing": lambda w: typed_report(),
    "reports:freeze_briefing": lambda w: shown_report(w.programme),
    "mentors:ask_excuse": lambda w: {"week": days_ago(-7), "reason": "防汛值班。"},
    "mentors:coordinate": lambda w: {"source": "镇政府", "amount": "500", "on": TODAY()},
    "mentors:receive_coordinated": lambda w: {"received_on": TODAY()},
    "mentors:correct_coordination": lambda w: {"source": "县", "amount": "600", "on": TODAY()},
    "mentors:correct_research": lambda w: {"summary": "团员外出。", "on": TODAY()},
    "mentors:note_research": lambda w: {"summary": "团员流动。", "on": TODAY()},
    "upload": lambda w: {"upload": w.scan()},
    "solve": lambda w: w.opinion(on=TODAY()),
    "reports:new_programme": lambda w: w.new_programme_form(),
    "funds:decide_carry_over": lambda w: w.opinion(amount="1000"),
    "units:set_working_day": lambda w: {"day": TODAY(), "is_workday": "1"},
    "units:act_on_unit": lambda w: w.opinion(last_day=TODAY()),
    "units:suggest": lambda w: {"kind": "proposal", "text": "建议。"},
    "public_suggest": lambda w: visitor_types(w.other_unit),
    "pairings:pair": lambda w: {
        "pilot_unit": w.free_unit.pk,
        "partner": w.free_office.pk,
        "starts_on": TODAY(),
    },
    "pairings:end": lambda w: {"ends_on": TODAY()},
    "pairings:enter_seminar": lambda w: w.seminar_form(),
    "pairings:enter_seminar_on_behalf": lambda w: w.seminar_form(),
    "pairings:enter_agreement": lambda w: w.agreement_form(),
    "pairings:enter_agreement_on_behalf": lambda w: w.agreement_form(),
    "correct": lambda w: {**w.seminar_form(), **w.agreement_form(), "title": "改过的"},
    "funds:new_application": lambda w: w.content(),
    "funds:edit_application": lambda w: w.content(),
    "funds:file_change": lambda w: w.content(reason="天气", place="镇文化站"),
    "reports:setup_people": lambda w: rows_typed("people", name="新人"),
    "reports:setup_units": lambda w: rows_typed(
        "units", name="新设镇团委", level="city", joined_on=TODAY()
    ),
    "reports:setup_accounts": lambda w: rows_typed(
        "contacts", organisation=w.free_unit.organisation_id, name="新人"
    ),
    "reports:setup_hand_out": lambda w: {
        "way": "codes",
        "people": [w.newcomer.pk],
        "sheet": uuid.uuid4(),
        "opened": clock.now().isoformat(),
    },
    "funds:receive": lambda w: w.receipt_form(),
    "funds:plan_receipt": lambda w: {"source": "donation", "amount": "7000"},
    "funds:reconcile": lambda w: {"on": TODAY(), "balance": "10000"},
    "funds:reverse_receipt": lambda w: {**w.receipt_form(), "reason": "记错"},
    "funds:record_dues": lambda w: w.dues_form(year=TODAY().year),
    "funds:refund_dues": lambda w: w.refunds(),
    "amend": lambda w: w.dues_form(),
    "collect": lambda w: w.payment_form(),
    "reverse_payment": lambda w: w.wrong_payment(),
    "waive": lambda w: w.opinion(amount="1"),
    "refund": lambda w: w.transfer(),
    "reverse_refund": lambda w: w.wrong_refund(),
    "acknowledge": lambda w: {"received_on": TODAY()},
    "log_use": lambda w: w.use_form(),
    "void_use": lambda w: w.opinion(use=w.dues_used.uses.get().pk),
    "funds:propose_plaque": lambda w: w.plaque_form(),
    "funds:renew_plaque": lambda w: w.plaque_form(),
    "funds:act_on_plaque": lambda w: w.plaque_step(),
    "awards:open_cycle": lambda w: w.cycle_form(),
    "awards:set_quotas": lambda w: w.quota_form(),
    "awards:act_on_cycle": lambda w: w.cycle_step(),
    "awards:log_objection": lambda w: w.objection_form(),
    "awards:answer_objection": lambda w: {"handling": "查无此事。"},
    "awards:nominate": lambda w: w.nomination_form(),
    "awards:edit_nomination": lambda w: w.nomination_form(),
    "awards:propose": lambda w: w.contribution_form(),
    "awards:new_campaign": lambda w: w.campaign_form(),
    "awards:edit_campaign": lambda w: w.campaign_form(),
    "awards:propose_reward": lambda w: w.reward_form(),
    "awards:act_on_reward": lambda w: w.reward_step(),
    "reports:import_upload": lambda w: w.list_file(),
    "reports:confirm_import": lambda w: w.list_seen(),
    "approve": lambda w: w.opinion(amount="400"),
    "reduce": lambda w: w.opinion(amount="350"),
    "terminate": lambda w: w.opinion(due_back="0"),
    "superior_opinion": lambda w: w.opinion(uploads=w.scan()),
    "pay": lambda w: w.transfer(),
    "book": lambda w: w.transfer(),
    "recover": lambda w: w.transfer(),
    "reverse": lambda w: w.reversal(),
    "file_closure": lambda w: w.closure(),
}


def address(world, name, about):
    """The address `name` about an attribute of the world, and what follows it (verb, number)."""
    if not about:
        return reverse(name)
    return reverse(name, args=[getattr(world, about[0]).pk, *about[1:]])


def typed_for(world, name, about):
    """What a browser posts there: by address, by verb, else an opinion."""
    key = name if name in TYPED else about[-1] if about else None
    return TYPED[key](world) if key in TYPED else world.opinion()
