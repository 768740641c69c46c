"""与今日对比: a frozen report's figures beside what the records say of the same day now, and of today."""

import dataclasses

from pilotwork import clock
from reports.briefing.material import gather
from reports.briefing.placeholders import CATALOGUE

SAME, CORRECTED, MORE, FEWER = "一致", "已更正", "有新增", "有减少"
TONES = {SAME: "g", CORRECTED: "r", MORE: "a", FEWER: "a"}


@dataclasses.dataclass(frozen=True)
class Line:
    """One figure: as frozen, of the same day as the records stand now, and of today; as printed.

    `difference` says what there is to know: 一致, 已更正 (the records of the frozen day were
    changed or entered later), 有新增 or 有减少 (later days brought it). `frozen` is None where the
    figure did not exist at that time.
    """

    label: str
    unit: str
    frozen: str | None
    recomputed: str
    today: str
    difference: str
    recomputed_url: str
    today_url: str

    @property
    def is_corrected(self):
        """Whether the records of the frozen day are no longer what they were."""
        return self.difference == CORRECTED

    @property
    def tone(self):
        """The colour of the difference's tag."""
        return TONES[self.difference]


def compare(frozen):
    """The Lines of a FrozenBriefing in the figures' order."""
    then = gather(frozen.programme, frozen.cutoff_on)
    now = gather(frozen.programme, clock.today())
    return [_line(key, frozen.figures.get(key), then, now) for key in then.words]


def _line(key, kept, then, now):
    recomputed, today = then.words[key], now.words[key]
    if kept is not None and kept != recomputed:
        difference = CORRECTED
    else:
        difference = _since(then.values[key], now.values[key])
    placeholder = CATALOGUE[key]
    return Line(
        label=placeholder.label,
        unit=placeholder.unit,
        frozen=kept,
        recomputed=recomputed,
        today=today,
        difference=difference,
        recomputed_url=then.address_of(key),
        today_url=now.address_of(key),
    )


def _since(before, after):
    """What the days after the cutoff brought."""
    if before == after:
        return SAME
    return MORE if after > before else FEWER
