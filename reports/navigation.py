"""What stands around every page of a signed-in person: the rail, the bottom bar, the programme."""

import dataclasses

from django.conf import settings
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject, cached_property

from accounts.models import Duty, User
from accounts.rules import is_signed_in, may_read_audit
from mentors.models import units_visible_to
from mentors.ties import remember_ties, ties_in_sql, ties_of
from pairings.models import Pairing
from pilotwork import clock
from pilotwork.links import link
from pilotwork.prepared import PreparedRows
from reports.help_topics import anchor_for
from reports.imports.kinds import imports_something
from reports.todo import PREPARED
from units.models import PilotProgramme, ProgrammeState

HOME = ("home", "工作台", "house")
UNITS = ("reports:units", "试点单位", "building")
APPLICATIONS = ("funds:applications", "基金申请", "file-text")
DUES = ("funds:dues", "团费返还", "cash-coin")
ACTIVITIES = ("mentors:activities", "特色活动", "calendar3")
VISITS = ("mentors:visits", "指导走访", "journal-text")
RECORD_VISIT = ("mentors:new_visit", "记录走访", "pencil")
FIVE_ONES = ("mentors:five_ones", "“五个一”", "check2-circle")
REWARDS = ("awards:rewards", "典型奖励", "trophy")
PLAQUES = ("funds:plaques", "铜牌", "signpost")
PAIRINGS = ("pairings:pairings", "联试共建", "link-45deg")
HONOURS = ("awards:cycles", "评优推荐", "award")
BRIEFING = ("reports:briefing", "情况汇报", "file-earmark-text")
ACCOUNTS = ("funds:accounts", "资金账户", "bank")
LEDGERS = ("reports:ledgers", "台账导出", "download")
TRENDS = ("reports:trends", "数据走势", "bar-chart")
SUGGESTIONS = ("units:suggestions", "意见建议", "chat-left-text")
IMPORTS = ("reports:imports", "导入", "upload")
GUIDE = ("reports:help", "帮助", "question-circle")
PEOPLE = ("accounts:people", "账户与岗位", "people")
ASSIGNMENTS = ("mentors:assignments", "指导员", "person-badge")
COVERAGE = ("mentors:coverage", "谁能办理", "shield-check")
HANDOVER = ("mentors:handover", "离任交接", "arrow-right")
CALENDAR = ("units:calendar", "工作日历", "clock")
AUDIT = ("reports:audit", "审计", "eye")
REFERENCE_DATA = ("admin:index", "基础资料", "gear")
SETUP = ("reports:setup", "开始使用", "list-check")


# Lists without a place of their own in the rail: what waits there is counted at this one.
BELOW = {
    "mentors:five_ones": (
        "mentors:documents",
        "mentors:difficulties",
        "mentors:coordinations",
        "mentors:research",
    ),
    "mentors:visits": ("mentors:excuses",),
    "awards:cycles": ("awards:contributions", "awards:campaigns"),
    "pairings:pairings": ("pairings:seminars", "pairings:agreements"),
}

# What a place of the rail is called, and what waits below it: {URL name: label}, in the rail's order.
LABELS = {
    name: label
    for place, label, _ in (
        APPLICATIONS,
        DUES,
        VISITS,
        FIVE_ONES,
        PAIRINGS,
        HONOURS,
        REWARDS,
        PLAQUES,
        ACCOUNTS,
        SUGGESTIONS,
    )
    for name in (place, *BELOW.get(place, ()))
}


@dataclasses.dataclass
class Place:
    """One place of the rail or the bottom bar; `count` is how much waits there."""

    label: str
    url: str
    icon: str
    count: int
    is_current: bool = False
    below: tuple = ()


SESSION_KEY = "programme"  # also the parameter of an address


def _programme(duties, at):
    """The programme that `Frame.programme` shows to who holds these duties, a queryset of one."""
    user = User(pk=at.user)
    user.duties = duties
    is_own = Value(False)
    if not user.is_county:
        own = units_visible_to(user).filter(programme=OuterRef("pk"))
        paired = Pairing.objects.visible_to(user).filter(programme=OuterRef("pk"))
        is_own = Q(Exists(own)) | Q(Exists(paired))
    programmes = PilotProgramme.objects.annotate(
        place=Case(
            When(state=ProgrammeState.ARCHIVED, then=0),
            When(starts_on__gt=clock.today(), then=1),
            When(state=ProgrammeState.ENDED, then=2),
            default=3,
        ),
        is_asked=Case(When(pk=at.asked, then=1), default=0),
        is_own=is_own,
        has_others=Exists(PilotProgramme.objects.exclude(pk=OuterRef("pk"))),
        **ties_in_sql(user),
    )
    return programmes.order_by("-is_asked", "-is_own", "-place", "-starts_on", "-id")[:1]


PROGRAMME = PreparedRows(_programme, along=("fund_account",))


class Frame:
    """The frame of one request's pages; each part is read from the database when first shown."""

    def __init__(self, request):
        self.path = request.path
        self.user = request.user
        self.asked = asked_for(request)

    @cached_property
    def programme(self):
        """The programme asked for, else of those that have begun the latest active one, else the latest.

        What is archived comes after one that is still to begin.

        Who is not the county's is shown one of his own units' or pairs'. With what the person is in the
        pilot, and whether there are other programmes.
        """
        asked = {"asked": self.asked, "user": self.user.pk}
        found = PROGRAMME.fetch(self.user.duties, asked)
        if not found:
            return None
        latest = found[0]
        remember_ties(self.user, is_member=latest.is_member, is_mentor=latest.is_mentor)
        return latest

    @property
    def is_unit_member(self):
        """Whether the person acts for a pilot unit."""
        return bool(self.programme) and ties_of(self.user).is_member

    @property
    def may_apply(self):
        """Whether the person acts for a pilot unit while the programme shown takes applications."""
        return self.is_unit_member and self.programme.state == ProgrammeState.ACTIVE

    @property
    def is_mentor(self):
        """Whether the person guides a pilot unit today."""
        return bool(self.programme) and ties_of(self.user).is_mentor

    @property
    def has_own_units(self):
        """Whether the person acts for a pilot unit or guides one."""
        return self.is_unit_member or self.is_mentor

    @property
    def has_units(self):
        """Whether the person may look at any pilot unit."""
        return self.user.is_county or self.has_own_units

    @property
    def fund_account(self):
        """The programme's pilot fund account, None where there is none."""
        return getattr(self.programme, "fund_account", None)

    @cached_property
    def counts(self):
        """How much waits beside each place: {URL name: number}, in one query."""
        return PREPARED.count(self.user, self._ties())

    def everything_waiting(self):
        """All that waits, for a Paginator; the counts of the rail come with it (one query)."""
        waiting = PREPARED.everything(self.user, self._ties())
        self.counts = waiting.counts
        return waiting

    def _ties(self):
        if self.programme is None:
            # Without a programme there is no pilot unit to be tied to.
            remember_ties(self.user, is_member=False, is_mentor=False)
        return ties_of(self.user)

    @property
    def waiting_count(self):
        """How much waits in all."""
        return sum(self.counts.values())

    @cached_property
    def groups(self):
        """The rail: [{label, items}], the place of the present page marked."""
        of_units = (
            [UNITS, APPLICATIONS, DUES, VISITS, FIVE_ONES, ACTIVITIES] if self.has_units else []
        )
        books = [BRIEFING, ACCOUNTS, TRENDS] if self.user.is_county else []
        books += [IMPORTS] if imports_something(self.user) else []
        honours = [HONOURS, REWARDS, PLAQUES] if self.has_units else []
        groups = [
            ("", [HOME]),
            ("五项机制", [*of_units, PAIRINGS, *honours]),
            ("材料", [*books, LEDGERS, SUGGESTIONS, GUIDE]),
        ]
        audit = [AUDIT] if may_read_audit(self.user) else []
        if self.user.is_administrator:
            people = [PEOPLE, ASSIGNMENTS, COVERAGE, HANDOVER]
            groups.append(("管理", [*people, CALENDAR, *audit, REFERENCE_DATA, SETUP]))
        elif audit:
            groups.append(("管理", audit))
        return self._mark([{"label": label, "items": self._places(p)} for label, p in groups])

    @cached_property
    def places(self):
        """The rail's places in HTML: a page shows them twice, beside it and in a phone's menu."""
        return render_to_string("components/navigation.html", {"navigation": self.groups})

    def _places(self, places):
        return [
            Place(
                label,
                link(name),
                icon,
                self._count(name),
                below=tuple(link(other) for other in BELOW.get(name, ())),
            )
            for name, label, icon in places
        ]

    def _count(self, name):
        if name == "home":
            return self.waiting_count
        return sum(self.counts.get(one, 0) for one in (name, *BELOW.get(name, ())))

    def _mark(self, groups):
        """Mark the place under whose address the page lies, the longest address winning."""
        items = [item for group in groups for item in group["items"]]
        home, others = items[0], items[1:]
        within = [item for item in others if self.path.startswith((item.url, *item.below))]
        if within:
            max(within, key=lambda item: len(item.url)).is_current = True
        elif self.path in (home.url, link("reports:todo")):
            home.is_current = True
        return groups

    @cached_property
    def bottom_bar(self):
        """The three places this person uses most, for phones."""
        if self.is_mentor:
            places = [HOME, RECORD_VISIT, FIVE_ONES]
        elif not self.user.duties.isdisjoint(
            {Duty.APPROVER, Duty.REVIEWER, Duty.CASHIER, Duty.LEADER}
        ):
            places = [HOME, APPLICATIONS, ACCOUNTS]
        elif self.user.is_administrator:
            places = [HOME, PEOPLE, COVERAGE]
        elif self.has_own_units:
            places = [HOME, APPLICATIONS, FIVE_ONES]
        else:
            places = [HOME, PAIRINGS, SUGGESTIONS]
        marked = {item.url for group in self.groups for item in group["items"] if item.is_current}
        bar = self._places(places)
        for item in bar:
            item.is_current = item.url in marked
        return bar


def asked_for(request):
    """The key of the programme that the address or, lacking that, the session asks for; 0 of none."""
    asked = request.GET.get(SESSION_KEY, "")
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        return int(asked)
    session = getattr(request, "session", {})
    return session.get(SESSION_KEY, 0)


def frame_of(request):
    """The Frame of this request, made once."""
    if not hasattr(request, "pilotwork_frame"):
        request.pilotwork_frame = Frame(request)
    return request.pilotwork_frame


def navigation(request):
    """Context processor: the frame's parts, read only where a template shows them."""
    user = getattr(request, "user", None)
    if user is None or not is_signed_in(user) or user.must_change_password:
        return {}
    frame = frame_of(request)
    return {
        "navigation": SimpleLazyObject(lambda: frame.groups),
        "places": SimpleLazyObject(lambda: frame.places),
        "bottom_bar": SimpleLazyObject(lambda: frame.bottom_bar),
        "programme": SimpleLazyObject(lambda: frame.programme),
        "waiting_count": SimpleLazyObject(lambda: frame.waiting_count),
        "is_demo": settings.DEMO_MODE,
        "help_anchor": anchor_for(getattr(request.resolver_match, "view_name", "")),
    }
