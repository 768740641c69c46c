"""Pages of the awards room as a person reads and sends them."""

from django.urls import reverse


def opened(client, person, name, *args):
    """The text of a page as `person` reads it."""
    client.force_login(person)
    answer = client.get(reverse(f"awards:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def sent(client, person, name, /, *args, **data):
    """The text of the page after a form was posted by `person`."""
    client.force_login(person)
    answer = client.post(reverse(f"awards:{name}", args=args), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()
