"""Organisations, pilot units and people as lists name them."""

from pilotwork.paper.cells import key


class Names:
    """Organisations by full name, else by short name or alias, however they are spaced."""

    def __init__(self, organisations=()):
        self.full, self.other = {}, {}
        for organisation in organisations:
            self.add(organisation)

    def add(self, organisation):
        """Know one more organisation."""
        self.full.setdefault(key(organisation.name), organisation)
        others = {
            key(name) for name in [organisation.short_name, *organisation.aliases.split("\n")]
        }
        for name in others - {""}:
            known = self.other.setdefault(name, [])
            if organisation not in known:
                known.append(organisation)

    def called(self, name):
        """The organisations that are called so besides their full name."""
        return self.other.get(key(name), [])

    def find(self, name):
        """The one organisation of that name. Raises ValueError, saying why, for none or several."""
        if key(name) in self.full:
            return self.full[key(name)]
        found = self.called(name)
        if not found:
            raise ValueError(f"没有叫“{name}”的团组织。")
        if len(found) > 1:
            names = "、".join(organisation.name for organisation in found)
            raise ValueError(f"“{name}”可能是{names}，请写全称。")
        return found[0]


class PeopleNames:
    """People by sign-in name, name, or name and post."""

    def __init__(self, people):
        self.by_username, self.others = {}, {}
        for person in people:
            self.by_username[key(person.username)] = person
            for name in {key(person.name), key(str(person)), key(f"{person.name}{person.post}")}:
                self.others.setdefault(name, []).append(person)

    def find(self, name):
        """The one person of that name. Raises ValueError, saying why, for none or several."""
        if key(name) in self.by_username:
            return self.by_username[key(name)]
        found = self.others.get(key(name), [])
        if not found:
            raise ValueError(f"没有叫“{name}”的人员。")
        if len(found) > 1:
            names = "、".join(f"{person}（{person.username}）" for person in found[:5])
            raise ValueError(f"有 {len(found)} 位“{name}”：{names}。请写姓名和职务，或登录名。")
        return found[0]
