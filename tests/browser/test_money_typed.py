"""What the browser makes of a typed amount is what the server makes of it, in figures and capitals."""

import pytest
from django.core.exceptions import ValidationError

from pilotwork.money import MoneyFormField
from pilotwork.templatetags.pilotwork import capitals

TYPED = [
    *("3200", "3200.5", "3200.50", "3200.", "3200.000", "0", "0.01", "-0.00", "+5", "-5", "−5"),
    *("3,200", "3,200.50", "1,234,567.89", "３，２００．５０", "￥3,200元", "人民币 3 200 元"),
    *("1,00.50", "12,34", ",100", "100,", "1,2345", "3200.505", "1.2.3", ".5", "1e3", "三千", "元"),
    *("999999999999.99", "1000000000000", "000000000000012", "0000000000000001", "9" * 40, "--5"),
    *("1000", "1010.05", "100000001", "20305.4", "1000000", "999,999,999,999.99", "¥", "5¥", "元5"),
]
READ = """async texts => {
    const { capitals, parseFen } = await import("/static/js/fen.js");
    return texts.map(parseFen).map(fen => fen === null ? null : [String(fen), capitals(fen)]);
}"""


def as_the_server_reads(text):
    """[fen, capitals] of the typed text, None where it is refused; capitals have no minus."""
    try:
        amount = MoneyFormField(allow_negative=True).clean(text)
    except ValidationError:
        return None
    return [str(int(amount * 100)), "" if amount < 0 else capitals(amount)]


@pytest.mark.long
@pytest.mark.browser
def test_a_typed_amount_is_the_same_to_the_browser_and_to_the_server(page):
    page.goto("/accounts/sign-in/")
    read = dict(zip(TYPED, page.evaluate(READ, TYPED), strict=True))
    assert read == {text: as_the_server_reads(text) for text in TYPED}
    assert read["1,00.50"] is None
    assert read["3,200.50"] == ["320050", "人民币叁仟贰佰元伍角整"]
