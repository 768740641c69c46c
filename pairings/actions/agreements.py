"""Verbs on agreements (DOMAIN, Joint pairing)."""

from django.db import transaction

from accounts.matters import require, take, verb
from pairings.actions.joint import begin, check_day, check_only_one, log_correction, log_entry
from pairings.models import Agreement, AgreementFile, AgreementTopic
from pilotwork import clock
from pilotwork.files import MAX_FILES
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date

MAX_RESULTS = Agreement._meta.get_field("results").max_length


@transaction.atomic
def enter_agreement(pairing, *, by, topics, files=(), on_behalf=False, **content):
    """登记活动协议: a member of either side enters it, the other side is to confirm it.

    `content` are the fields of Agreement.CONTENT, `topics` at least one Topic, `files` Accepted
    scans. With `on_behalf` the reviewer enters it for a side without account, and it counts at
    once. Refused: signed in the future or outside the pair's period, a term that ends before it
    begins or begins before the pair, no topic, the same agreement twice, both sides having accounts.
    """
    state = {"state": "confirmed"} if on_behalf else {}
    agreement = begin(Agreement, pairing, by=by, values=content | state, on_behalf=on_behalf)
    _check(agreement, topics)
    agreement.save()
    _name_topics(agreement, topics)
    log_entry(agreement, by=by)
    _keep(agreement, files, by=by)
    return agreement


@verb
def correct_agreement(
    agreement, *, by, topics, opinion="", files=(), removed_files=(), seen=None, **content
):
    """The entering side writes it anew; refused as on entering. Earlier words stay in the log."""
    require(agreement, "correct", by, seen=seen)
    for name in Agreement.CONTENT:
        setattr(agreement, name, content[name])
    _check(agreement, topics)
    agreement.topics.all().delete()
    _name_topics(agreement, topics)
    agreement.files.filter(pk__in=removed_files, removed_at=None).update(removed_at=clock.now())
    _keep(agreement, files, by=by)
    log_correction(agreement, by=by, opinion=opinion)
    return agreement


@verb
def add_results(agreement, *, by, opinion, seen=None):
    """补充成果: either side adds what came of a counting agreement, below what was there before.

    Refused when the results would become longer than the field holds.
    """
    require(agreement, "add_results", by, seen=seen)
    line = f"{cn_full_date(clock.today())}：{opinion}"
    results = "\n".join(filter(None, [agreement.results, line]))
    if len(results) > MAX_RESULTS:
        raise Refused(f"成果合计不能超过 {MAX_RESULTS} 字。", "opinion")
    agreement.results = results
    take(agreement, "add_results", by=by, opinion=opinion, fields=["results"])
    return agreement


def _check(agreement, topics):
    check_day(agreement, agreement.signed_on, "signed_on")
    if agreement.ends_on < agreement.starts_on:
        raise Refused("期限的结束日期不能早于开始日期。", "ends_on")
    if not agreement.pairing.covers(agreement.starts_on):
        raise Refused("期限的开始日期不在结对期内。", "starts_on")
    if not topics:
        raise Refused("请至少选择一个主题。", "topics")
    check_only_one(agreement, signed_on=agreement.signed_on, title=agreement.title)


def _name_topics(agreement, topics):
    rows = [AgreementTopic(agreement=agreement, topic=topic) for topic in dict.fromkeys(topics)]
    AgreementTopic.objects.bulk_create(rows)


def _keep(agreement, files, *, by):
    if agreement.files.filter(removed_at=None).count() + len(files) > MAX_FILES:
        raise Refused(f"附件最多 {MAX_FILES} 个。", "files")
    for file in files:
        AgreementFile.keep(file, by=by, agreement=agreement)
