"""核对凭单校验码: what is typed from a paper, and what the page says of it."""

import pytest

from funds.models import Entry
from tests.funds.tampering import change, delete, recompute
from tests.journeys import bring
from tests.people import receive

pytestmark = pytest.mark.long


@pytest.fixture
def ask(client, county):
    """The text of the page after typing a number and a digest, as the leader."""
    client.force_login(county.leader, backend="django.contrib.auth.backends.ModelBackend")

    def asked(number, digest):
        answer = client.get("/funds/accounts/check/", {"number": number, "digest": digest})
        return answer.content.decode()

    return asked


def test_a_printed_code_is_right_in_full_or_by_its_first_sixteen_digits(county, ask):
    entry = receive(county, "50")
    spaced = " ".join(entry.digest[place : place + 4] for place in range(0, 64, 4))
    for typed in (entry.digest, entry.digest[:16], spaced.upper()):
        text = ask(entry.voucher_number, typed)
        assert "一致：第 1 号至第 2 号已重新计算" in text
        assert "不一致" not in text
    assert "50.00" in text, "the paper's amount can be compared too"


WRONG = (
    ("JJ-1", "0" * 15, "校验码应为 16 至 64 位"),
    ("JJ-1", "z" * 16, "校验码应为 16 至 64 位"),
    ("JJ", "0" * 16, "编号不完整"),
    ("审计-1", "0" * 16, "审计的封存由 check_ledger 核对。"),
    ("没有-1", "0" * 16, "没有代号或事项为“没有”的账册"),
    ("JJ-99999999999999", "0" * 16, "编号不完整"),
)


def test_what_can_be_no_code_is_said_beside_its_field(county, ask):
    for number, digest, words in WRONG:
        assert words in ask(number, digest), number


def test_a_paper_of_a_chain_computed_anew_does_not_agree_and_says_from_where(county, ask):
    first, second = Entry.objects.get(account=county.fund), receive(county, "50")
    change(second, memo="另一个用途")
    recompute(county.fund)
    assert "一致：" in ask(first.voucher_number, first.digest)
    text = ask(second.voucher_number, second.digest)
    assert "不一致" in text
    assert f"第 2 号分录与纸上所印不符（留存 {second.digest[:16]}" in text


def test_an_entry_changed_by_hand_does_not_agree_though_its_code_does(county, ask):
    entry = receive(county, "50")
    change(Entry.objects.get(account=county.fund, number=1), memo="另一个用途")
    text = ask(entry.voucher_number, entry.digest)
    assert "不一致" in text
    assert "第 1 号的内容与其校验码不符" in text


def test_an_entry_cut_off_is_missed(county, ask):
    entry = receive(county, "50")
    delete(entry)
    assert "现在只到第 1 号，没有第 2 号" in ask(entry.voucher_number, entry.digest)


def test_the_code_of_an_approval_form_stands_for_the_opinions_on_it(client, county, ask):
    application = bring(county, "approved")
    row = application.log[-1]
    printed = client.get(f"/funds/applications/{application.pk}/approval-form/").content.decode()
    number = f"立项申请-{application.pk}-{row.number}"
    assert f"核对号 {number}，链首 {row.digest}" in printed
    text = ask(number, row.digest)
    assert f"一致：第 1 号至第 {row.number} 号已重新计算" in text
    assert f"第 {row.number} 条：{row.label}" in text
    change(application.log[0], opinion="另一个意见")
    text = ask(number, row.digest)
    assert "不一致" in text
    assert "第 1 号的内容与其校验码不符" in text
