"""The text that people edit: finding it, checking it, saving it without losing anybody's words."""

from django.db import transaction

from accounts.matters import NotPermitted
from accounts.models import User
from pilotwork import clock
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_datetime
from reports.briefing.placeholders import faults_of
from reports.briefing.standard import standard_draft
from reports.models import BriefingDraft, ParagraphKind
from reports.rules import WRITING_DUTIES, may_write_briefing
from units.models import Organisation, PilotProgramme
from units.models.archiving import require_open

MOST_PARAGRAPHS = 80
CONTENT = ("title", "addressee", "signature", "dated_on")


def county_name():
    """The committee's full name, with which it signs; empty while it is not entered."""
    name = Organisation.objects.filter(is_county=True).order_by("pk").values_list("name", flat=True)
    return name.first() or ""


def draft_of(programme, kind):
    """The saved draft of the programme's document, or an unsaved one with the standard text."""
    found = BriefingDraft.objects.filter(programme=programme, kind=kind)
    saved = found.select_related("saved_by").first()
    return saved or standard_draft(programme, kind, county_name())


def faults_in(draft):
    """What is wrong with the shown paragraphs' placeholders, as sentences.

    A text that was right when it was saved goes wrong when a figure is given another name.
    """
    return [
        fault
        for paragraph in draft.paragraphs
        if not paragraph["is_hidden"]
        for fault in faults_of(paragraph["text"])
    ]


def require_writer(user):
    """Raise NotPermitted, naming who can, unless `user` may write and freeze reports."""
    reason = may_write_briefing.why_not(None, user)
    if reason:
        writers = User.objects.active().with_duty(*WRITING_DUTIES)
        raise NotPermitted(reason, writers)


def lock_programme(programme):
    """Let one person at a time save or freeze the programme's reports, until the transaction ends.

    Rows that only point to the programme are not held up.
    """
    return PilotProgramme.objects.select_for_update(no_key=True).get(pk=programme.pk)


@transaction.atomic
def save_draft(programme, kind, *, by, seen, content, paragraphs):
    """Save the text and what stands around it; returns the BriefingDraft.

    `seen` is the version the person's page showed, `content` {name: value} of CONTENT, `paragraphs`
    as BriefingDraft keeps them. Raises NotPermitted for the wrong person; Refused when somebody
    saved in between (`stale`, so that nobody's words are overwritten unread), when a placeholder is
    unknown, or when nothing is left to show.
    """
    require_writer(by)
    require_open(lock_programme(programme))
    draft = draft_of(programme, kind)
    if draft.version != seen:
        raise Refused(
            f"您打开页面之后，{draft.saved_by}于{cn_datetime(draft.saved_at)}保存了新的文字。"
            "请对照后再次保存，您填写的内容已保留。",
            stale=True,
        )
    _check(paragraphs)
    for name in CONTENT:
        setattr(draft, name, content[name])
    draft.paragraphs = paragraphs
    draft.version += 1
    draft.saved_by, draft.saved_at = by, clock.now()
    draft._history_user = by
    draft.save()
    return draft


def _check(paragraphs):
    if len(paragraphs) > MOST_PARAGRAPHS:
        raise Refused(f"最多 {MOST_PARAGRAPHS} 段，请合并一些段落。")
    for paragraph in paragraphs:
        ParagraphKind(paragraph["kind"])
        for fault in faults_of(paragraph["text"]):
            raise Refused(fault)
    if not any(p["text"].strip() and not p["is_hidden"] for p in paragraphs):
        raise Refused("至少要有一段显示的文字。")
