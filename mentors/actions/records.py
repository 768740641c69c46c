"""Verbs on research, coordinated money, difficulties and documents (DOMAIN, five ones)."""

from django.db import transaction

from accounts.matters import NotPermitted, record, require, take, verb
from mentors.models import (
    Coordination,
    Difficulty,
    DifficultyState,
    Document,
    DocumentVersion,
    Research,
)
from mentors.rules import may_serve, may_write_documents
from pilotwork import clock
from pilotwork.refusals import Refused
from units.models import PilotUnit


def _require(permission, matter, by):
    reason = permission.why_not(matter, by)
    if reason:
        raise NotPermitted(reason)


def _require_not_future(day, field):
    if day > clock.today():
        raise Refused("日期不能晚于今天。", field)


def _served(pilot_unit):
    """An unsaved matter on the unit, for asking who stands where in it."""
    return Difficulty(pilot_unit=pilot_unit, began_on=clock.today())


@transaction.atomic
def note_research(pilot_unit, *, by, summary, on, visit=None):
    """调研: note what was looked into on a day; the unit's mentor, or who stood in on the visit."""
    if visit is None:
        _require(may_serve, _served(pilot_unit), by)
    _require_not_future(on, "on")
    research = Research(
        pilot_unit=pilot_unit, by=by, summary=summary, on=on, visit=visit, recorded_at=clock.now()
    )
    research._history_user = by
    research.save()
    return research


def is_noted_already(pilot_unit, *, but=None, **noted):
    """Whether another record than `but` notes this money; the same form sent twice waits here."""
    PilotUnit.objects.select_for_update(of=("self",)).get(pk=pilot_unit.pk)
    others = Coordination.objects.filter(pilot_unit=pilot_unit, **noted)
    return others.exclude(pk=but and but.pk).exists()


def _require_other_money(pilot_unit, *, but=None, **noted):
    if is_noted_already(pilot_unit, but=but, **noted):
        raise Refused("当天同一来源的同样金额已登记过。如是另一笔，请在来源里写明区别。", "source")


@transaction.atomic
def coordinate(pilot_unit, *, by, source, amount, on, purpose="", received_on=None, visit=None):
    """经费协调: `amount` yuan found at `source`; it counts in sums once received.

    The unit's mentor, or who stood in on the visit. Refused: no amount, no source, future dates, the
    same amount of the same source and day once more, which would count twice.
    """
    if visit is None:
        _require(may_serve, _served(pilot_unit), by)
    if not source:
        raise Refused("请填写经费来源。", "source")
    if not amount or amount <= 0:
        raise Refused("请填写协调到的金额。", "amount")
    _require_not_future(on, "on")
    _require_received(on, received_on)
    _require_other_money(pilot_unit, source=source, amount=amount, on=on)
    coordination = Coordination(
        pilot_unit=pilot_unit,
        by=by,
        source=source,
        amount=amount,
        on=on,
        purpose=purpose,
        received_on=received_on,
        visit=visit,
        recorded_at=clock.now(),
    )
    coordination._history_user = by
    coordination.save()
    return coordination


@transaction.atomic
def correct_coordination(coordination, *, by, source, amount, on, purpose="", received_on=None):
    """更正: set right what was noted of coordinated money; the history keeps what stood there.

    The unit's present mentor; `amount` in yuan. Refused as `coordinate` refuses.
    """
    coordination = Coordination.objects.select_for_update(of=("self",)).get(pk=coordination.pk)
    _require(may_serve, _served(coordination.pilot_unit), by)
    if amount <= 0:
        raise Refused("请填写协调到的金额。", "amount")
    _require_not_future(on, "on")
    _require_received(on, received_on)
    _require_other_money(
        coordination.pilot_unit, but=coordination, source=source, amount=amount, on=on
    )
    coordination.source, coordination.amount, coordination.on = source, amount, on
    coordination.purpose, coordination.received_on = purpose, received_on
    coordination._history_user = by
    coordination.save(update_fields=["source", "amount", "on", "purpose", "received_on"])
    return coordination


@transaction.atomic
def correct_research(research, *, by, summary, on):
    """更正: set right what was noted of research; the unit's present mentor, history kept."""
    research = Research.objects.select_for_update(of=("self",)).get(pk=research.pk)
    _require(may_serve, _served(research.pilot_unit), by)
    _require_not_future(on, "on")
    research.summary, research.on = summary, on
    research._history_user = by
    research.save(update_fields=["summary", "on"])
    return research


def _require_received(on, received_on):
    if received_on is None:
        return
    _require_not_future(received_on, "received_on")
    if received_on < on:
        raise Refused("到位日期不能早于协调日期。", "received_on")


@transaction.atomic
def receive_coordinated(coordination, *, by, received_on):
    """Note the day on which coordinated money came in; the unit's mentor or member."""
    coordination = Coordination.objects.select_for_update(of=("self",)).get(pk=coordination.pk)
    _require(may_write_documents, _served(coordination.pilot_unit), by)
    if coordination.received_on:
        raise Refused("这笔经费已登记到位。", stale=True)
    _require_received(coordination.on, received_on)
    coordination.received_on = received_on
    coordination._history_user = by
    coordination.save(update_fields=["received_on"])
    return coordination


@transaction.atomic
def raise_difficulty(pilot_unit, *, by, description, on=None):
    """提出困难: the unit, or its mentor, says what stands in the way."""
    on = on or clock.today()
    _require(may_write_documents, _served(pilot_unit), by)
    _require_not_future(on, "on")
    return _new_difficulty(pilot_unit, by, description, on)


def _new_difficulty(pilot_unit, by, description, on, **more):
    difficulty = Difficulty(
        pilot_unit=pilot_unit,
        description=description,
        raised_on=on,
        raised_by=by,
        state_since=clock.now(),
        began_on=clock.today(),
        **more,
    )
    difficulty._history_user = by
    difficulty.save()
    record(
        difficulty,
        "raise",
        label="提出困难",
        source="",
        by=by,
        at=clock.now(),
        opinion=description,
        details={},
    )
    return difficulty


@transaction.atomic
def report_difficulty_solved(pilot_unit, *, by, description, on, visit):
    """A difficulty solved on a visit: raised and solved at once, the unit is to confirm it."""
    return _new_difficulty(
        pilot_unit,
        by,
        description,
        on,
        visit=visit,
        measures=description,
        solved_on=on,
        state=DifficultyState.SOLVED,
    )


@verb
def reword_difficulty(difficulty, *, by, opinion, seen=None):
    """更正: say in `opinion` more exactly what stands in the way, before it is solved."""
    require(difficulty, "reword", by, seen=seen)
    difficulty.description = opinion
    take(difficulty, "reword", by=by, opinion=opinion, fields=["description"])
    return difficulty


@verb
def solve_difficulty(difficulty, *, by, opinion, on, seen=None):
    """Say by which measures a difficulty was solved, and when; the unit is to confirm it."""
    require(difficulty, "solve", by, seen=seen)
    _require_not_future(on, "on")
    if on < difficulty.raised_on:
        raise Refused("解决日期不能早于提出日期。", "on")
    difficulty.measures, difficulty.solved_on = opinion, on
    take(difficulty, "solve", by=by, opinion=opinion, fields=["measures", "solved_on"])
    return difficulty


@verb
def confirm_difficulty(difficulty, *, by, opinion="", seen=None):
    """The unit confirms that the difficulty is solved; from today it counts."""
    require(difficulty, "confirm", by, seen=seen)
    difficulty.confirmed_on = clock.today()
    take(difficulty, "confirm", by=by, opinion=opinion, fields=["confirmed_on"])
    return difficulty


@verb
def reject_difficulty(difficulty, *, by, opinion, seen=None):
    """The unit says that it is not solved, and why; the mentor goes on."""
    require(difficulty, "reject", by, seen=seen)
    difficulty.solved_on = None
    take(difficulty, "reject", by=by, opinion=opinion, fields=["solved_on"])
    return difficulty


@transaction.atomic
def upload_document(pilot_unit, *, by, kind, upload):
    """Upload a plan or summary report: the first makes the document, later ones new versions.

    `upload` is an `Accepted` file. The unit's member or mentor; returns the Document.
    """
    # The lock makes a second first upload wait and then become a new version.
    PilotUnit.objects.select_for_update(of=("self",)).get(pk=pilot_unit.pk)
    document = Document.objects.filter(pilot_unit=pilot_unit, kind=kind).first()
    if document is not None:
        return upload_version(document, by=by, upload=upload)
    _require(may_write_documents, _served(pilot_unit), by)
    document = Document.objects.create(
        pilot_unit=pilot_unit, kind=kind, state_since=clock.now(), began_on=clock.today()
    )
    record(
        document, "upload", label="上传", source="", by=by, at=clock.now(), details={"version": 1}
    )
    DocumentVersion.keep(upload, by=by, document=document, number=1)
    return document


@verb
def upload_version(document, *, by, upload, seen=None):
    """Upload a document's next version; the reviewer confirms it anew, the earlier ones stay."""
    require(document, "upload", by, seen=seen)
    number = document.versions.count() + 1
    document.confirmed_on = None
    # A newer version waits from now on, also where another one was waiting already.
    document.state_since = clock.now()
    take(
        document,
        "upload",
        by=by,
        fields=["confirmed_on", "state_since"],
        details={"version": number},
    )
    DocumentVersion.keep(upload, by=by, document=document, number=number)
    return document


@verb
def confirm_document(document, *, by, opinion="", seen=None):
    """The reviewer accepts the newest version."""
    require(document, "confirm", by, seen=seen)
    document.confirmed_on = clock.today()
    take(document, "confirm", by=by, opinion=opinion, fields=["confirmed_on"])
    return document


@verb
def send_back_document(document, *, by, opinion, seen=None):
    """The reviewer returns the newest version with the reason."""
    require(document, "send_back", by, seen=seen)
    take(document, "send_back", by=by, opinion=opinion)
    return document
