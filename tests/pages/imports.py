"""Uploads to be imported, of every kind and in every situation, for the page tests."""

from pilotwork import clock
from reports.models import ImportUpload
from tests.reports.importing import confirm, keep

HEADS = {
    "organisations": ["全称", "层级", "类别", "隶属", "试点级别", "加入日期"],
    "dues": ["单位", "年度", "应上缴（元）"],
    "quotas": ["团组织", "评优年度", "评优级别", "五四红旗团委"],
    "visits": ["单位", "走访日期", "走访人", "了解到的进展"],
}


class Imports:
    """`rows` are uploads to open the page with; those of the first four grow."""

    def __init__(self, people, story):
        self.uploaders = {
            "organisations": people["admin"],
            "dues": people["clerk"],
            "quotas": people["orghead"],
            "visits": people["orghead"],
        }
        day = story.programme.starts_on
        self.lines = {
            "organisations": [
                ["新镇团委", "团委", "镇", "团县委", "市级", day],
                ["王口镇团委", "团总支", "镇"],
                ["大邱庄镇团委", "团委", "镇"],
                ["某团委", "分部", "镇", "没有"],
            ],
            "dues": [["王口镇", day.year, 7], ["大邱庄镇", day.year, 8], ["没有", "去年", "一"]],
            "quotas": [["王口镇", 2026, "市级", 3], ["没有", 2026, "市级", 1]],
            "visits": [
                ["王口镇", day, "", "看了。"],
                ["恒兴钢业", day, "", "看了。"],
                ["没有", "昨", "", ""],
            ],
        }
        self.growing = [self._keep(kind, [*self.lines[kind]]) for kind in HEADS]
        done = confirm(self._keep("organisations", [["旧镇团委", "团委", "镇"]]))
        same = self._keep("organisations", [["旧镇团委", "团委", "镇"]])
        ready = self._keep(
            "organisations", [["新镇团委", "团委", "镇"], ["旧镇团委", "团支部", "镇"]]
        )
        self.rows = [*self.growing, ready, done, same]

    def _keep(self, kind, lines):
        return keep(
            kind, [[*HEADS[kind], "备注"], *[[*line, None] for line in lines]], self.uploaders[kind]
        )

    def fill(self, number):
        """One more of each row in the uploads that are shown, and one more upload."""
        for upload in self.growing:
            more = [[number * 100 + n, *row[1:]] for n, row in enumerate(upload.rows[:4])]
            kept = ImportUpload.objects.get(pk=upload.pk)
            kept.rows += more
            kept.uploaded_at = clock.now()
            kept.save()
        self._keep("dues", self.lines["dues"])
