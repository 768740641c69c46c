"""The printed forms and the attachments of one unit's archive, mechanism by mechanism.

Every row comes from `visible_to`, like the page that shows it. The forms are those of the rooms'
`papers.py`; the attachments of one kind are read in one query.
"""

import re

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db.models.functions import TruncMonth

from accounts.matters import keep_logs
from awards import papers as award_papers
from awards.models import ContributionFile
from awards.models.rewards import RewardFile
from funds import papers as fund_papers
from funds.entry_list import PRINTABLE
from funds.models import Application, ApplicationAttachment, DuesUseFile, PlaquePhoto, State
from mentors.models import DocumentVersion, Visit, VisitPhoto
from mentors.papers import visits_sheet
from mentors.visit_page import with_facts
from pairings import papers as joint_papers
from pairings.models import Agreement, AgreementFile, Seminar, SeminarPhoto
from reports.archive.ledgers import nominations

STYLES = "表格样式.css"
# Of the site's style sheets those that a printed form needs, in their order.
SHEETS = (
    "bootstrap/bootstrap.min.css",
    "css/tokens.css",
    "css/layout.css",
    "css/components.css",
    "css/tables.css",
    "css/print.css",
)
PICTURE = re.compile(rb"url\((?![\"']?data:)[^)]*\)")


def styles() -> bytes:
    """Return the style sheet of all forms of an archive."""
    parts = []
    for name in SHEETS:
        # Collected where the site is served, at their source where it is developed.
        path = finders.find(name) or staticfiles_storage.path(name)
        with open(path, "rb") as file:
            parts.append(file.read())
    # Pictures of menus and check boxes, which no form has, lie elsewhere.
    return PICTURE.sub(b"none", b"\n".join(parts))


class Shelf:
    """A folder that is made when the first thing is put into it."""

    def __init__(self, folder, name):
        self._parent, self._name, self._folder = folder, name, None

    @property
    def folder(self):
        """The folder itself, made now if it was not."""
        if self._folder is None:
            self._folder = self._parent.folder(self._name)
        return self._folder

    def put_paper(self, name, paper):
        """Put in a printed form as HTML; None for one that there is not."""
        if paper is not None:
            self.folder.add(f"{name}.html", paper.file(self.folder.to_root(STYLES)))

    def put_files(self, attachments, name_of):
        """Put in attachments, each under the name that `name_of` gives it."""
        for attachment in attachments:
            self.folder.add_attachment(name_of(attachment), attachment)


def by(rows, key):
    """{value of `key`: the rows that have it}, in their order."""
    found = {}
    for row in rows:
        found.setdefault(getattr(row, key), []).append(row)
    return found


def day(value):
    """A day at the beginning of a file's name, so that files lie in their order."""
    return f"{value:%Y-%m-%d}"


def fund_papers_of(folder, scope):
    """经费: the forms and files of each application, vouchers, papers of dues, rewards, plaques."""
    entries = list(scope.entries())
    _add_applications(Shelf(folder, "立项申请"), scope, entries)
    _add_vouchers(folder, entries)
    Shelf(folder, "专项工作经费票据").put_files(
        scope.rows(DuesUseFile, "use__record__pilot_unit").select_related("use"),
        lambda file: f"{day(file.use.spent_on)} {file.name}",
    )
    Shelf(folder, "典型奖励依据").put_files(
        scope.rows(RewardFile, "reward__pilot_unit"), lambda file: file.name
    )
    Shelf(folder, "铜牌照片").put_files(
        scope.rows(PlaquePhoto, "plaque__pilot_unit"), lambda file: file.name
    )


def vouchers_of_no_unit(folder, scope):
    """经费, of a programme: the vouchers that no unit's file holds, as its fund's receipts."""
    _add_vouchers(folder, list(scope.entries_of_no_unit()))


def _add_vouchers(folder, entries):
    vouchers = Shelf(folder, "凭单")
    keep_logs(entry.owner for entry in entries if entry.owner)
    for entry in entries:
        if entry.kind in PRINTABLE:
            name = f"{entry.voucher_number} {fund_papers.voucher_title(entry)}"
            vouchers.put_paper(name, fund_papers.voucher(entry))


def _add_applications(everything, scope, entries):
    """A folder for each application that was handed in."""
    applications = scope.rows(Application).exclude(state=State.DRAFT).order_by("id")
    applications = keep_logs(fund_papers.with_all_printed(applications))
    fund_papers.keep_sums(applications, entries)
    files = scope.rows(ApplicationAttachment, "application__pilot_unit").order_by("id")
    files = by(files, "application_id")
    for application in applications:
        name = f"{application.number or '未编号'} {application.name}"
        shelf = Shelf(everything.folder, name)
        shelf.put_paper("立项审批表", fund_papers.approval_form(application))
        shelf.put_paper("结项表", fund_papers.closure_form(application))
        own = files.get(application.pk, [])
        kept, removed = Shelf(shelf.folder, "附件"), Shelf(shelf.folder, "已移除的附件")
        kept.put_files([file for file in own if not file.removed_at], purpose_and_name)
        removed.put_files([file for file in own if file.removed_at], purpose_and_name)


def purpose_and_name(file):
    """What an application's file is for, and its name."""
    return f"{file.get_purpose_display()} {file.name}"


def method_papers_of(folder, scope):
    """方法: versions of plan and report, the visits of each month on one sheet, their photos."""
    versions = scope.rows(DocumentVersion, "document__pilot_unit").select_related("document")
    Shelf(folder, "实施方案和总结报告").put_files(
        versions.order_by("document", "number"),
        lambda file: f"{file.document.get_kind_display()} 第{file.number}版 {file.name}",
    )
    visits = scope.rows(Visit)
    months = visits.order_by().annotate(month=TruncMonth("visited_on")).values_list("month")
    records = Shelf(folder, "走访记录")
    for (month,) in months.distinct().order_by("month"):
        of_month = visits.filter(visited_on__year=month.year, visited_on__month=month.month)
        listed = list(with_facts(of_month).order_by("visited_on", "id"))
        words = f"{scope.title} · {month.year}年{month.month}月"
        records.put_paper(f"{month:%Y-%m} 走访记录", visits_sheet(listed, words))
    photos = scope.rows(VisitPhoto, "visit__pilot_unit").select_related("visit")
    Shelf(folder, "走访照片").put_files(
        photos.order_by("visit__visited_on", "id"),
        lambda file: f"{day(file.visit.visited_on)} {file.name}",
    )


def policy_papers_of(folder, scope):
    """政策: 推荐审批表 and the papers of contributions."""
    forms = Shelf(folder, "推荐审批表")
    related = "cycle__programme", "organisation__parent", "contribution", "pilot_unit"
    for nomination in keep_logs(nominations(scope).select_related(*related).order_by("id")):
        name = f"{nomination.cycle} {nomination.nominee}"
        forms.put_paper(name, award_papers.nomination_form(nomination))
    Shelf(folder, "突出贡献佐证").put_files(
        scope.rows(ContributionFile, "contribution__pilot_unit"), lambda file: file.name
    )


def joint_papers_of(folder, scope):
    """机制: minutes and photos of each seminar, each agreement and its files."""
    of_pair = "pairing__pilot_unit"
    seminars = scope.rows(Seminar, of_pair).with_pair().prefetch_related("photos")
    photos = by(scope.rows(SeminarPhoto, f"seminar__{of_pair}").order_by("id"), "seminar_id")
    everything = Shelf(folder, "座谈会")
    for seminar in keep_logs(seminars.order_by("held_on", "id")):
        shelf = Shelf(everything.folder, f"{day(seminar.held_on)} {seminar.title}")
        shelf.put_paper("座谈会纪要", joint_papers.minutes(seminar))
        shelf.put_files(photos.get(seminar.pk, []), lambda file: file.name)
    agreements = scope.rows(Agreement, of_pair).with_pair().prefetch_related("topics")
    files = by(scope.rows(AgreementFile, f"agreement__{of_pair}").order_by("id"), "agreement_id")
    everything = Shelf(folder, "活动协议")
    for agreement in keep_logs(agreements.order_by("signed_on", "id")):
        shelf = Shelf(everything.folder, f"{day(agreement.signed_on)} {agreement.title}")
        shelf.put_paper("活动协议", joint_papers.agreement_form(agreement))
        shelf.put_files(files.get(agreement.pk, []), lambda file: file.name)


# Folder of the archive: its forms and files.
MECHANISMS = {
    "经费": fund_papers_of,
    "方法": method_papers_of,
    "政策": policy_papers_of,
    "机制": joint_papers_of,
}
# Folder of what a programme has beside its units' files: its own.
OVER_ALL_UNITS = {"经费": vouchers_of_no_unit}
