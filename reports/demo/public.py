"""The pages behind two plaques, and what visitors said there."""

from reports.public.actions import open_page
from units.actions import reply, suggest_publicly
from units.models import PublicPosting, SuggestionKind, new_receipt

# unit: opened so many days ago
OPENED = {"大邱庄镇": 10, "王口镇": 9}


def open_to_the_public(story):
    """Two units' pages, one suggestion that is answered and one that waits."""
    for name, days_ago in OPENED.items():
        with story.at(days_ago, "10:40"):
            open_page(story.units[name], by=story.people["secretary"])
    with story.at(7, "18:25"):
        answered = _say(story, "王口镇", "运河边的志愿活动，外村的青年能参加吗？怎么报名？")
    with story.at(6, "09:15"):
        reply(
            answered,
            by=story.people["orghead"],
            opinion="能。每期活动前一周在镇团委办公室门口张贴通知，当天到现场登记即可。",
        )
    with story.at(2, "14:05"):
        _say(story, "大邱庄镇", "赶集日的助农直播能不能往后挪到下午？上午都在出摊，赶不上。")
    PublicPosting.objects.outdated().delete()


def _say(story, name, text):
    return suggest_publicly(
        story.units[name],
        address="",
        kind=SuggestionKind.PROPOSAL,
        text=text,
        receipt=new_receipt(),
    )
