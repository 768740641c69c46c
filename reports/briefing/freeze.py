"""定稿: text, figures and the heads of the ledger's chains, kept together for ever."""

from django.db import transaction

from funds.models import FundAccount, chain_heads
from pilotwork import clock
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date
from reports.briefing.compose import document_of, fingerprint, plain_blocks
from reports.briefing.drafts import draft_of, faults_in, lock_programme, require_writer
from reports.briefing.material import gather
from reports.models import FrozenBriefing
from units.models.archiving import require_open

# What makes two frozen reports of one day the same, whoever froze them and when.
KEPT = ("title", "addressee", "signature", "dated_on", "blocks", "figures", "heads")


@transaction.atomic
def freeze(programme, kind, *, by, on, seen, request_key, note=""):
    """Freeze the report of `kind` as it stands at the cutoff day `on`; returns the FrozenBriefing.

    `seen` is the fingerprint of the text the person was shown, `request_key` (UUID) recognises a
    second sending, which gets the report frozen before. No entry is booked meanwhile, so that the
    figures and the chain heads belong together. Raises NotPermitted for the wrong person; Refused
    for a day to come, for a text dated before the cutoff, for a placeholder that no longer exists, when the text or a figure has
    changed since it was shown, and when the very same is frozen already.
    """
    require_writer(by)
    list(FundAccount.objects.select_for_update(no_key=True).order_by("pk"))
    programme = lock_programme(programme)
    frozen = FrozenBriefing.objects.filter(request_key=request_key).first()
    if frozen is not None:
        return frozen
    require_open(programme)
    if on > clock.today():
        raise Refused("统计截止日期不能晚于今天。", "on")
    draft, material = draft_of(programme, kind), gather(programme, on)
    for fault in faults_in(draft):
        raise Refused(f"{fault}请先编辑文字，再定稿。")
    document = document_of(draft, material)
    if document.dated_on < on:
        raise Refused(
            f"成文日期{cn_full_date(document.dated_on)}早于统计截止日期{cn_full_date(on)}，"
            "请先在“编辑文字”里改正或清空成文日期，再定稿。"
        )
    if fingerprint(document) != seen:
        raise Refused("您打开页面之后，文字或数字有变化。请核对最新内容后再次定稿。", stale=True)
    row = _row(programme, kind, document, material, by=by, request_key=request_key, note=note)
    _refuse_the_same(row)
    row.digest = row.computed_digest()
    row.save()
    return row


def _refuse_the_same(row):
    """Raise Refused when the last frozen one of its kind and day says and witnesses the same."""
    last = FrozenBriefing.objects.filter(
        programme=row.programme, kind=row.kind, cutoff_on=row.cutoff_on
    ).first()
    if last and all(getattr(last, name) == getattr(row, name) for name in KEPT):
        raise Refused(f"与第 {last.number} 号定稿完全相同，不用再存一份。")


def _row(programme, kind, document, material, *, by, request_key, note):
    """The unsaved FrozenBriefing, with its programme's next number."""
    before = FrozenBriefing.objects.filter(programme=programme).order_by("-number").first()
    return FrozenBriefing(
        programme=programme,
        kind=kind,
        number=before.number + 1 if before else 1,
        title=document.title,
        addressee=document.addressee,
        signature=document.signature,
        dated_on=document.dated_on,
        cutoff_on=material.on,
        blocks=plain_blocks(document.blocks),
        figures=material.words,
        heads=chain_heads(),
        note=note,
        by=by,
        by_name=str(by),
        frozen_at=clock.now(),
        request_key=request_key,
    )
