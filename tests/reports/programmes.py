"""Pages as a person reads them, whichever programme they show."""

from django.urls import reverse


def read(client, person, name, *args, **query):
    """The page `name` as that person opens it; it has to answer."""
    client.force_login(person)
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response
