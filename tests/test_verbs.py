"""Verbs as pages offer them, in every room alike."""

import pytest

from awards.cycle_verbs import CONTRIBUTION_VERBS, CYCLE_VERBS, NOMINATION_VERBS
from awards.reward_verbs import REWARD_VERBS
from funds.carry_over_verbs import CARRY_OVER_VERBS
from funds.dues_verbs import DUES_VERBS
from funds.plaque_verbs import PLAQUE_VERBS
from funds.verbs import APPLICATION_VERBS, CHANGE_VERBS
from mentors.verbs import DIFFICULTY_VERBS, DOCUMENT_VERBS, EXCUSE_VERBS, VISIT_VERBS
from pairings.models import Seminar
from pairings.verbs import AGREEMENT_VERBS, SEMINAR_VERBS
from reports.programmes.verbs import PROGRAMME_VERBS
from tests.pairings.conftest import pairing  # noqa: F401
from tests.pairings.together import bring
from units.verbs import SUGGESTION_VERBS, UNIT_VERBS

CATALOGUES = [
    APPLICATION_VERBS,
    CHANGE_VERBS,
    DUES_VERBS,
    PLAQUE_VERBS,
    REWARD_VERBS,
    CYCLE_VERBS,
    NOMINATION_VERBS,
    CONTRIBUTION_VERBS,
    SEMINAR_VERBS,
    AGREEMENT_VERBS,
    VISIT_VERBS,
    EXCUSE_VERBS,
    DIFFICULTY_VERBS,
    DOCUMENT_VERBS,
    SUGGESTION_VERBS,
    PROGRAMME_VERBS,
    CARRY_OVER_VERBS,
    UNIT_VERBS,
]
TAKING_AWAY = ("不予", "不同意", "撤回", "撤销", "撤下", "作废", "冲销", "划去", "取消", "终止")


def test_every_verb_that_refuses_or_takes_away_says_so_by_its_tone():
    taking_away = {
        verb.label: verb.tone
        for verbs in CATALOGUES
        for verb in verbs.values()
        if verb.label.startswith(TAKING_AWAY)
    }
    assert len(taking_away) > len(TAKING_AWAY)
    assert [label for label, tone in taking_away.items() if tone != "danger"] == []


@pytest.mark.django_db
def test_the_page_of_a_seminar_shows_that_tone(county, pairing, client):  # noqa: F811
    joint = bring(county, pairing, Seminar, "confirmed")
    client.force_login(county.reviewer)
    page = client.get(f"/pairings/seminars/{joint.pk}/").content.decode()
    assert 'class="btn btn-danger"' in page
    assert f'href="/pairings/seminars/{joint.pk}/withdraw/"' in page
