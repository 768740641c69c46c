"""每日提醒: how much waits for each person, once a day, by e-mail and to the office's groups.

`words` says it, `channels` carry it, `sending` sees to it that nothing goes out twice.
"""
