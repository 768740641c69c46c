"""Pages of plaques: the list, one plaque with its verbs, proposing one, its QR code and photos."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.models import Duty
from accounts.pages import form_page
from accounts.rules import holds
from accounts.verbs import run_verb
from funds.actions.plaques import propose_plaque, why_not_propose
from funds.exports import PLAQUES
from funds.forms.plaques import PlaqueFilter, ProposeForm, RenewForm
from funds.models import Plaque, PlaquePhoto, PlaqueState
from funds.outright_page import outright_context
from funds.plaque_list import PLAQUE_TONES, PlaqueTable, with_payment
from funds.plaque_verbs import PLAQUE_VERBS
from mentors.pages import of_unit, unit_url
from mentors.record_lists import listed
from pilotwork.exports import list_page
from pilotwork.files import serve
from pilotwork.money import yuan
from pilotwork.paper.qr import qr_svg
from pilotwork.templatetags.pilotwork import cn_full_date
from units.views import verb_of

PROPOSE = {"label": "登记制作", "icon": "plus-lg", "kind": "primary"}
holds_reviewer = holds(Duty.REVIEWER)
ONLY_REVIEWERS = "铜牌由初审人员登记制作。"


def crumbs(*further):
    """The way to a page below the list."""
    return [{"label": "铜牌", "url": reverse("funds:plaques")}, *further]


@access()
@require_safe
def plaque_list(request):
    """The plaques the person may see."""
    rows = with_payment(Plaque.objects.visible_to(request.user))
    context = listed(request, rows, PlaqueFilter, PlaqueTable)
    may_propose = holds_reviewer(request.user)
    new = {**PROPOSE, "url": reverse("funds:propose_plaque")}
    context |= {
        "title": "铜牌",
        "sub": "每个试点单位一块有效的铜牌，制作费由县里从工作经费支付。",
        "actions": [new] if may_propose else [],
    }
    return list_page(request, "mentors/record_list.html", context, PLAQUES)


@access(holds_reviewer, reason=ONLY_REVIEWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request):
    """登记制作: a unit's first plaque, or one after the last was taken back."""

    def act(pilot_unit, **typed):
        plaque = propose_plaque(pilot_unit, by=request.user, **typed)
        return "已登记制作，等审批。", reverse("funds:plaque", args=[plaque.pk])

    return form_page(
        request,
        ProposeForm(request.POST or None, by=request.user),
        act,
        back="funds:plaques",
        title="登记铜牌制作",
        button="提交审批",
        sub="审批后由财务从工作经费支付制作费。",
        crumbs=crumbs(),
    )


def with_names(plaques):
    """Plaques with all that their page names."""
    return of_unit(plaques).select_related("commitment", "replaces")


@access(holds_reviewer, of=Plaque, enrich=with_names, reason=ONLY_REVIEWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request, plaque):
    """更换: propose the plaque that is to take the place of this one."""

    def act(**typed):
        unit = plaque.pilot_unit
        new = propose_plaque(unit, by=request.user, replaces=plaque, **typed)
        said = "已登记更换，等审批；新牌挂上时，原来那块记为“已更换”。"
        return said, reverse("funds:plaque", args=[new.pk])

    return form_page(
        request,
        RenewForm(request.POST or None, initial={"text": plaque.text}),
        act,
        back=reverse("funds:plaque", args=[plaque.pk]),
        title="更换铜牌",
        button="提交审批",
        sub=str(plaque.pilot_unit),
        crumbs=crumbs(here(plaque)),
    )


def here(plaque):
    """The crumb of one plaque."""
    return {
        "label": plaque.pilot_unit.organisation.label,
        "url": reverse("funds:plaque", args=[plaque.pk]),
    }


def facts_of(plaque):
    """What is known of a plaque: [{label, value, url}]."""
    unit = plaque.pilot_unit
    maker = (plaque.maker_name, plaque.maker_bank, plaque.maker_account)
    facts = [
        {"label": "单位", "value": unit, "url": unit_url(unit)},
        {"label": "牌面文字", "value": plaque.text},
        {"label": "制作费", "value": f"{yuan(plaque.cost)} 元（{paid_words(plaque)}）"},
        {"label": "制作单位", "value": "\n".join(maker)},
        {"label": "制作日期", "value": cn_full_date(plaque.made_on)},
        {"label": "挂牌日期", "value": cn_full_date(plaque.hung_on) or "尚未挂牌"},
        {"label": "挂牌地点", "value": plaque.place or "尚未挂牌"},
    ]
    facts += [
        {
            "label": "另有铜牌",
            "value": f"{one.pilot_unit.programme}的“{one.text}”铜牌还挂着（{one.place}）",
        }
        for one in plaque.of_other_programmes
    ]
    others = [
        ("更换的铜牌", plaque.replaces),
        *(("换上的铜牌", one) for one in plaque.followers),
    ]
    return facts + [
        {
            "label": label,
            "value": f"{other.text}（{other.get_state_display()}）",
            "url": reverse("funds:plaque", args=[other.pk]),
        }
        for label, other in others
        if other is not None
    ]


def paid_words(plaque):
    """Whether the cost is paid, in words."""
    return "已付" if plaque.is_paid else "未付"


def renewal(plaque, user):
    """The link to replace the plaque, for who may propose another and while none is under way."""
    hangs = plaque.state == PlaqueState.HUNG
    if not hangs or not holds_reviewer(user) or why_not_propose(plaque.pilot_unit, user):
        return []
    if not plaque.nothing_else_open():
        return []
    return [{"label": "更换", "url": reverse("funds:renew_plaque", args=[plaque.pk])}]


def plaque_page(request, plaque, chosen=None, form=None):
    """The page of one plaque with what this person may do on it."""
    context = outright_context(
        plaque,
        request.user,
        PLAQUE_VERBS,
        verb_url="funds:act_on_plaque",
        chosen=chosen,
        form=form,
    )
    qr = {"label": "二维码", "url": reverse("funds:print_plaque_qr", args=[plaque.pk])}
    context |= {
        "title": f"{plaque.pilot_unit.organisation.label}铜牌",
        "tone": PLAQUE_TONES[plaque.state],
        "crumbs": crumbs(),
        "facts": facts_of(plaque),
        "photos": list(plaque.photos.all()),
        "prints": [qr],
        "actions": renewal(plaque, request.user),
    }
    return render(request, "funds/plaque.html", context)


@access(of=Plaque, enrich=with_names)
@require_safe
def plaque(request, plaque):
    """One plaque: what it cost, where it hangs, what happened."""
    return plaque_page(request, plaque)


@access(of=Plaque, enrich=with_names)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request, plaque, verb):
    """A verb of one plaque: GET shows its form, POST performs it."""
    return run_verb(
        request,
        plaque,
        verb_of(PLAQUE_VERBS, verb),
        render=lambda chosen, form: plaque_page(request, plaque, chosen, form),
        done=lambda result: reverse("funds:plaque", args=[plaque.pk]),
    )


@access(of=PlaquePhoto)
@require_safe
def photo(request, photo):
    """A photo, for whoever sees its plaque."""
    return serve(photo)


def public_address(request, unit):
    """The whole address of the unit's public page."""
    return request.build_absolute_uri(reverse("public_unit", args=[unit.public_token]))


@access(of=Plaque, enrich=with_names)
@require_safe
def qr(request, plaque):
    """The QR code of the unit's public page as an SVG picture."""
    picture = qr_svg(public_address(request, plaque.pilot_unit))
    response = HttpResponse(picture, content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-store"
    return response


@access(of=Plaque, enrich=with_names)
@require_safe
def print_qr(request, plaque):
    """The QR code on A4, with the way to download it."""
    context = {
        "plaque": plaque,
        "address": public_address(request, plaque.pilot_unit),
        "back_url": reverse("funds:plaque", args=[plaque.pk]),
    }
    return render(request, "funds/plaque_qr.html", context)
