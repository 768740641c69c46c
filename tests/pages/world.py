"""A county with one of everything, and the same county thirty times as busy."""

import datetime as dt
import io
import uuid
from itertools import count
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.actions import create_person, grant_duty
from accounts.models import Duty, User
from funds.actions import applications, changes, closures, drafts, payments
from funds.actions.drafts import MAX_ATTACHMENTS
from funds.actions.dues_uses import void_use
from funds.models import (
    Application,
    BudgetLine,
    Commitment,
    DuesRecord,
    State,
)
from mentors.actions import assign_mentor, records, register_activity, visits
from mentors.models import DocumentKind
from pairings.actions import end_pairing, pair
from pairings.actions.agreements import enter_agreement
from pairings.actions.joint import confirm, dispute, withdraw
from pairings.actions.seminars import enter_seminar
from pairings.models import Agreement, Pairing, Seminar
from pilotwork import clock
from pilotwork.files import validate_upload
from pilotwork.money import to_yuan
from reports.briefing.drafts import save_draft
from reports.briefing.standard import standard_paragraphs
from reports.demo import load
from reports.models import BriefingKind
from tests.funds import dues
from tests.pages.awards import Honours
from tests.pages.imports import Imports
from tests.pages.money import Money
from tests.pages.plaques import PlaquesAndRewards
from tests.pages.years import Years
from tests.reports.briefing import freeze_report, paragraph
from units.actions import reply, set_working_day, suggest, suggest_publicly
from units.models import (
    Kind,
    Level,
    Membership,
    Organisation,
    PilotUnit,
    Suggestion,
    new_receipt,
)

PNG = io.BytesIO()
Image.new("RGB", (8, 8), "white").save(PNG, "PNG")
ONE = to_yuan("1")


PHOTO = validate_upload(SimpleUploadedFile("照片.png", PNG.getvalue(), "image/png"))


class World(Money):
    """The demo, extended through the verbs until every state and every kind of row exists."""

    def __init__(self):
        self.story = load()
        self.people = self.story.people
        self.people["root"] = User.objects.create_superuser("root", "x", name="超级用户")
        self.serial = count(1)
        self.unit = self.story.units["王口镇"]
        self.member = self.people["wangkou"]
        self._one_application_in_every_state()
        self.busy = self._application(State.CLOSING)
        self.pairing = Pairing.objects.get(pilot_unit=self.unit)
        self.lonely_pairing = self._lonely_pairing()
        self.joint = {kind: self._joint_in_every_state(kind) for kind in (Seminar, Agreement)}
        self.honours = Honours(self, PHOTO)
        self._dues()
        self.outright = PlaquesAndRewards(self, PHOTO, self._unit_without_plaque)
        save_draft(self.story.programme, BriefingKind.SUMMARY, **self._written())
        self.imports = Imports(self.people, self.story)
        self.years = Years(self)
        self.fill(1)
        # One that is answered and one that waits.
        said = Suggestion.objects.from_visitors().filter(pilot_unit=self.unit)
        self.said_by_visitors = [said.get(state=state) for state in ("answered", "open")]

    def _written(self):
        """The closing summary as the county's people wrote it, with a paragraph of their own."""
        content = {"title": "总结", "addressee": "团市委", "signature": "团县委", "dated_on": None}
        rows = [*standard_paragraphs(BriefingKind.SUMMARY), paragraph("自己加的一段。")]
        by = self.people["orghead"]
        return {"by": by, "seen": 0, "content": content, "paragraphs": rows}

    def _dues(self):
        """A record of the busy unit's dues in every situation; the used one grows."""
        people = self.people
        actors = SimpleNamespace(
            unit=self.unit,
            member=self.member,
            cashier=people["officer"],
            reviewer=people["orghead"],
            approver=people["secretary"],
        )
        # The demo's own record makes room.
        own = DuesRecord.objects.filter(pilot_unit=self.unit)
        own.update(year=clock.today().year - 30)
        self.dues = {name: dues.bring(actors, name) for name in dues.SITUATIONS}
        self.dues_actors = actors

    def _grow_dues(self, number, new_unit):
        """One more unit with dues to be given back, one more payment and one more use."""
        actors, record = self.dues_actors, self.dues["used"]
        if number % 2:
            accounts = {"payee_name": "户名", "payee_bank": "银行", "payee_account": "1"}
            Organisation.objects.filter(pk=new_unit.organisation_id).update(**accounts)
        dues.due(actors, unit=new_unit)
        dues.collect(actors, self.dues["paid_in_part"], "1")
        uploads = [PHOTO] if number % 4 == 0 else []
        use = dues.use(actors, record, "1", purpose=f"团课资料 {number}", uploads=uploads)
        if number % 3 == 0:
            void_use(record, by=self.member, use=use, opinion="重复")

    def _draft(self):
        number = next(self.serial)
        row = {"item": "展板", "note": "", "quantity": ONE, "unit_price": ONE, "from_fund": ONE}
        # The pilot's first days: over for longer than the grace days of a closure.
        first_day = self.unit.programme.starts_on
        content = {
            "name": f"志愿服务第 {number} 期",
            "purpose": "服务群众",
            "plan": "分三次开展",
            "starts_on": first_day,
            "ends_on": first_day + dt.timedelta(days=1),
            "place": "王口镇",
            "participants": "青年 20 人",
            "contact": "孙",
            "phone": "000",
            "payee_name": "王口镇团委",
            "payee_bank": "县农商银行",
            "payee_account": "001",
        }
        application = Application(pilot_unit=self.unit)
        return drafts.save_draft(
            application, by=self.member, content=content, lines=[row], uploads=[PHOTO]
        )

    def _application(self, state):
        """An application brought to `state` by the people whose duty it is."""
        people, member = self.people, self.member
        application = self._draft()
        if state == State.DRAFT:
            return application
        applications.submit(application, by=member)
        by_reviewer = {"by": people["orghead"], "opinion": "同意"}
        by_approver = {"by": people["secretary"], "opinion": "同意"}
        if state == State.RETURNED:
            applications.send_back(application, **by_reviewer)
        if state == State.REJECTED:
            applications.reject(application, **by_reviewer)
        if state == State.WITHDRAWN:
            applications.withdraw(application, by=member)
        if state in {State.SUBMITTED, State.RETURNED, State.REJECTED, State.WITHDRAWN}:
            return application
        applications.review(application, **by_reviewer)
        if state == State.REVIEWED:
            return application
        applications.approve(application, amount=ONE, **by_approver)
        if state == State.REVOKED:
            applications.revoke(application, **by_approver)
        if state in {State.APPROVED, State.REVOKED}:
            return application
        self.pay(application, "0.50")
        if state == State.TERMINATED:
            applications.terminate(application, due_back=to_yuan("0.50"), **by_approver)
            return application
        line = application.budget_lines.get()
        spent = {"budget_line": line, "note": "", "amount": ONE, "from_fund": to_yuan("0.40")}
        spent |= {"invoice_code": "", "invoice_number": f"{next(self.serial):08d}"}
        closures.file_closure(
            application,
            by=member,
            report="已完成",
            document_count=1,
            expenses=[spent],
            uploads=[PHOTO],
        )
        if state == State.CLOSING:
            return application
        closures.review_closure(application, **by_reviewer)
        if state == State.CLOSED:
            payments.waive(application, **by_approver)
            closures.close(application, **by_approver)
        return application

    def _one_application_in_every_state(self):
        self.by_state = {state: self._application(state) for state in State}

    def fill(self, times):
        """Add `times` of every row that a list or a page of one matter shows."""
        people, admin = self.people, self.people["admin"]
        for state in (State.DRAFT, State.SUBMITTED, State.REVIEWED, State.CLOSURE_REVIEWED):
            self._copy(self.by_state[state], times)
        for _ in range(times):
            number = next(self.serial)
            self._change(self._application(State.APPROVED))
            self._grow_the_busy_one(number)
            organisation = self._organisation(f"单位 {number}", Kind.TOWN)
            unit = PilotUnit.objects.create(
                programme=self.story.programme,
                organisation=organisation,
                joined_on=clock.today(),
            )
            partner = self._organisation(f"机关 {number}", Kind.ADMINISTRATIVE)
            end_pairing(
                pair(unit, partner, by=admin, starts_on=clock.today()),
                by=admin,
                ends_on=clock.today(),
            )
            person = create_person(by=admin, username=f"person{number}", name=f"新{number}")
            grant_duty(person, by=admin, duty=Duty.LEADER, starts_on=clock.today())
            Membership.objects.create(
                user=person, organisation=organisation, starts_on=clock.today()
            )
            register_activity(self.unit, by=self.member, name=f"活动 {number}")
            self._five_ones(number, unit)
            self._grow_dues(number, unit)
            reply(
                suggest(by=self.member, text=f"建议 {number}"), by=people["orghead"], opinion="好"
            )
            suggest(by=people["education"], text=f"建议 {number}")
            self._visitor_says(f"投诉 {number}")
            for kind in (Seminar, Agreement):
                self._joint_in_every_state(kind)
            self.honours.fill(organisation)
            self.outright.fill(unit)
            self._money(number)
            freeze_report(self.story.programme, people["orghead"], on=self.story.day(9))
            self.imports.fill(number)

    def _visitor_says(self, text):
        """One more complaint on the unit's public page, as from another address each time."""
        typed = {"kind": "complaint", "text": text, "contact": "022-0000 0000"}
        suggest_publicly(self.unit, address=text, receipt=new_receipt(), **typed)

    def _five_ones(self, number, new_unit):
        """More visits, difficulties, money, research, documents and excused weeks."""
        mentor, today = self.people["clerk"], clock.today()
        guided = self.unit.mentor_assignments.get(ends_on=None)
        assert guided.mentor == mentor
        visits.record_visit(
            self.unit,
            by=mentor,
            key=uuid.uuid4(),
            visited_on=today,
            progress=f"第 {number} 次",
            besides=visits.Besides(
                difficulty="缺灯", source=f"镇政府 {number}", amount=ONE, research="流动"
            ),
            photos=[PHOTO] if number % 4 == 0 else [],
        )
        records.raise_difficulty(self.unit, by=self.member, description=f"困难 {number}")
        records.coordinate(self.unit, by=mentor, source=f"企业 {number}", amount=ONE, on=today)
        records.note_research(self.unit, by=mentor, summary=f"调研 {number}", on=today)
        for kind in DocumentKind.values:
            records.upload_document(self.unit, by=self.member, kind=kind, upload=PHOTO)
        next_week = today + dt.timedelta(days=7)
        excuse = visits.ask_excuse(self.unit, by=mentor, week=next_week, reason="值班")
        if number > 1:
            visits.withdraw_excuse(excuse, by=mentor)
        set_working_day(
            by=self.people["admin"], day=today + dt.timedelta(days=number), is_workday=True
        )
        assign_mentor(new_unit, by=self.people["admin"], mentor=mentor, starts_on=today, reason="")

    def _lonely_pairing(self):
        """A pair neither side of which has an account."""
        unit = PilotUnit.objects.create(
            programme=self.story.programme,
            organisation=self._organisation("无账户单位", Kind.TOWN),
            joined_on=clock.today(),
        )
        partner = self._organisation("无账户机关", Kind.ADMINISTRATIVE)
        return pair(unit, partner, by=self.people["admin"], starts_on=clock.today())

    def _enter(self, kind):
        """A seminar or agreement of the busy pair, with a file, entered by the unit."""
        today, title = clock.today(), f"共建 {next(self.serial)}"
        by = {"by": self.member, "title": title}
        if kind is Seminar:
            talk = {"held_on": today, "place": "镇", "attendees": "双方", "minutes": "谈"}
            return enter_seminar(self.pairing, photos=[PHOTO], **by, **talk)
        term = {"signed_on": today, "starts_on": today, "ends_on": today, "topics": ["tax_law"]}
        words = {"terms": "讲课", "steps": "", "results": ""}
        return enter_agreement(self.pairing, files=[PHOTO], **by, **term, **words)

    def _joint_in_every_state(self, kind):
        partner, reviewer = self.people["localtax"], self.people["orghead"]
        disputed = dispute(self._enter(kind), by=partner, opinion="有误")
        confirmed = confirm(self._enter(kind), by=partner)
        withdrawn = withdraw(self._enter(kind), by=reviewer, opinion="重复")
        return [self._enter(kind), disputed, confirmed, withdrawn]

    def _unit_without_plaque(self):
        """A new unit with an account to be paid into."""
        organisation = self._organisation(f"待挂牌单位 {next(self.serial)}", Kind.TOWN)
        organisation.payee_name = organisation.payee_bank = organisation.payee_account = "收款"
        organisation.save()
        return PilotUnit.objects.create(
            programme=self.story.programme, organisation=organisation, joined_on=clock.today()
        )

    def _organisation(self, name, kind):
        return Organisation.objects.create(
            name=name, level=Level.COMMITTEE, kind=kind, parent=self.story.organisations["团县委"]
        )

    def _copy(self, application, times):
        """Add `times` rows like `application` to the lists, without a history of their own."""
        for _ in range(times):
            row = Application.objects.get(pk=application.pk)
            row.pk, row.number = None, row.number and f"{row.number}-{next(self.serial)}"
            if row.commitment_id:
                row.commitment = Commitment.objects.create(
                    account=row.commitment.account, kind=row.commitment.kind, title=row.number
                )
            Application.objects.bulk_create([row])

    def _grow_the_busy_one(self, number):
        """More lines, files, payments, vouchers and log rows for one and the same application."""
        people, application = self.people, self.busy
        BudgetLine.objects.create(
            application=application,
            position=100 + number,
            item=f"项目 {number}",
            quantity=ONE,
            unit_price=ONE,
            amount=ONE,
            from_fund=to_yuan("0"),
        )
        closures.send_back_closure(application, by=people["orghead"], opinion="请补充")
        entry = self.pay(application, "0.01")
        payments.reverse(application, by=people["officer"], entry=entry, opinion="金额有误")
        self._change(application)
        application = Application.objects.get(pk=application.pk)
        changes.withdraw_change(application.changes.open().get(), by=self.member)
        expenses = [
            {
                "budget_line": line,
                "note": "",
                "amount": ONE,
                "from_fund": to_yuan("0"),
                "invoice_code": "",
                "invoice_number": "",
            }
            for line in application.budget_lines.all()
        ]
        closures.file_closure(
            application,
            by=self.member,
            report="补充后再报",
            document_count=2,
            expenses=expenses,
            uploads=[PHOTO] if self.busy.attachments.count() < MAX_ATTACHMENTS else [],
        )

    def _change(self, application):
        application = Application.objects.get(pk=application.pk)
        lines = list(
            application.budget_lines.values("item", "note", "quantity", "unit_price", "from_fund")
        )
        content = {name: getattr(application, name) for name in changes.CHANGEABLE}
        content["place"] += "广场"
        return changes.file_change(
            application, by=self.member, reason="天气原因", content=content, lines=lines
        )
