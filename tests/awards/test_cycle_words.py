"""What the page of a cycle says: what it waits for, that nothing is there, whose result is missing."""

import pytest
from django.urls import reverse

from awards.actions import cycles
from awards.models import AwardCycle
from pilotwork import clock
from tests.awards.reading import opened
from tests.awards.rounds import after_the_notice, approved, nominated, of_the_office, posted

# --- What it waits for ----------------------------------------------------------------------------


def next_step(cycle):
    """The sentence about the cycle as it is now in the database."""
    return AwardCycle.objects.get(pk=cycle.pk).next_step


def test_a_notice_that_is_over_waits_for_the_approver_and_says_so(county, cycle):
    approved(county, nominated(county, cycle))
    notice = posted(county, cycle)
    assert "期满后由审批人公布结果。" in next_step(cycle)
    with after_the_notice(notice):
        assert next_step(cycle) == "公示已期满，等审批人公布结果。"


def test_of_an_objection_left_open_after_the_notice_the_answer_alone_is_waited_for(county, cycle):
    approved(county, nominated(county, cycle))
    notice = posted(county, cycle)
    cycles.log_objection(notice, by=county.reviewer, text="不实。", received_on=clock.today())
    assert "答复并期满后，由审批人公布结果。" in next_step(cycle)
    with after_the_notice(notice):
        assert next_step(cycle) == "还有 1 条异议没有答复；答复后，由审批人公布结果。"


# --- Whose result is missing ----------------------------------------------------------------------


def test_a_missing_result_is_said_with_the_nominees_name_and_the_row_stays_short(
    client, county, cycle
):
    first = approved(county, nominated(county, cycle))
    second = approved(county, of_the_office(county, cycle))
    notice = posted(county, cycle)
    address = reverse("awards:act_on_cycle", args=[cycle.pk, "conclude"])
    with after_the_notice(notice):
        client.force_login(county.approver)
        answer = client.post(address, {f"result_{first.pk}": "won"})
    form = answer.context["form"]
    assert list(form.errors) == [f"result_{second.pk}"]
    page = answer.content.decode()
    said = f">{second.nominee_name} 优秀共青团员 · 结果</a>：这个字段是必填项"
    assert said in page
    assert page.count('data-label="结果"') == page.count('data-label="说明"') == 2


# --- Nothing to see -------------------------------------------------------------------------------


def test_while_nominations_are_taken_nothing_is_there_yet(client, county, cycle):
    approved(county, nominated(county, cycle))
    page = opened(client, county.neighbour, "cycle", cycle.pk)
    assert "还没有推荐" in page
    assert "本单位没有推荐" not in page
    assert "查看公示" not in page


@pytest.mark.parametrize("state", ["notice", "concluded"])
def test_a_unit_without_nominations_is_sent_to_the_notice_that_lists_all(
    client, county, cycle, state
):
    nomination = approved(county, nominated(county, cycle))
    notice = posted(county, cycle)
    if state == "concluded":
        with after_the_notice(notice):
            cycles.conclude(notice, by=county.approver, results={nomination.pk: ("won", "")})
    page = opened(client, county.neighbour, "cycle", cycle.pk)
    assert "本单位没有推荐" in page
    assert "还没有推荐" not in page
    assert "都列在公示上" in page
    assert "查看公示" in page
    assert nomination.nominee in opened(client, county.neighbour, "print_notice", cycle.pk)


@pytest.mark.parametrize(
    ("name", "said"), [("neighbour", "本单位没有推荐"), ("leader", "没有推荐")]
)
def test_of_a_cancelled_cycle_there_is_no_notice_to_read(client, county, cycle, name, said):
    cycles.cancel(cycle, by=county.reviewer, opinion="不办了。")
    page = opened(client, county.people[name], "cycle", cycle.pk)
    assert f">{said}</p>" in page
    assert "查看公示" not in page
