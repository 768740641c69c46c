"""Which backups are kept: the newest of each of the last days, weeks and months that have one."""

import datetime as dt

from reports.backup.box import MOMENT, NAME, checksum_of


def clear_away(folder, *, daily, weekly, monthly):
    """Delete the backups in `folder` that no rule keeps; returns their paths, oldest first.

    `daily`, `weekly`, `monthly` say for how many days, weeks (Monday to Sunday) and months that have
    backups the newest one stays. The newest of all stays always. Other files are not looked at.
    """
    backups = dict(sorted(_backups(folder).items(), reverse=True))
    kept = set(list(backups)[:1])
    for number, period in ((daily, _day), (weekly, _week), (monthly, _month)):
        newest = {}
        for path, moment in backups.items():
            newest.setdefault(period(moment), path)
        kept.update(list(newest.values())[:number])
    gone = [path for path in reversed(backups) if path not in kept]
    for path in gone:
        path.unlink()
        checksum_of(path).unlink(missing_ok=True)
    return gone


def _backups(folder):
    """{path: moment} of the files that bear the name of a backup."""
    found = {}
    for path in folder.iterdir():
        named = NAME.fullmatch(path.name)
        if named and path.is_file() and not path.is_symlink():
            found[path] = dt.datetime.strptime(named[1], MOMENT)
    return found


def _day(moment):
    return moment.date()


def _week(moment):
    return moment.isocalendar()[:2]


def _month(moment):
    return moment.year, moment.month
