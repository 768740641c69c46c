"""The accounts of the demo, in one place for the loader, the sign-in page and `make run`.

Only the standard library, so that the launcher can print them before Django is there.
"""

PASSWORD = "pilot-demo-2026"

# (username, who it is): surnames and posts stay in the demo data itself.
ACCOUNTS = (
    ("secretary", "团县委书记 · 审批"),
    ("deputy", "团县委副书记 · 审批，大邱庄镇指导员"),
    ("orghead", "组宣部部长 · 初审，恒兴钢业指导员"),
    ("clerk", "秘书 · 财务，王口镇指导员"),
    ("schoolhead", "学少部副部长 · 初审，瀛海学校指导员"),
    ("officer", "科员 · 财务，顺丰合作社指导员"),
    ("leader", "领导 · 只读"),
    ("admin", "系统管理"),
    ("daqiuzhuang", "大邱庄镇团委 · 试点单位"),
    ("hengxing", "恒兴钢业有限公司团委 · 试点单位"),
    ("wangkou", "王口镇团委 · 试点单位"),
    ("yinghai", "瀛海学校团委 · 试点单位"),
    ("shunfeng", "顺丰林木种植专业合作社团支部 · 试点单位"),
    ("education", "县教育局团委 · 结对单位"),
    ("police", "县公安分局团委 · 结对单位"),
    ("localtax", "县地税分局团支部 · 结对单位"),
    ("statetax", "国家税务局县团总支 · 结对单位"),
    ("forestry", "县林业局团支部 · 结对单位"),
)
