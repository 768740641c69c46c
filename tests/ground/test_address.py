"""A visitor's address: what he claims himself is never believed."""

import pytest
from django.test import RequestFactory

from pilotwork.address import client_address, household

NGINX = "127.0.0.1"


def address(settings, proxies, remote, forwarded=None):
    settings.PROXY_COUNT = proxies
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote))


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "found"),
    [
        (0, "192.0.2.7", None, "192.0.2.7"),
        (0, "192.0.2.7", "198.51.100.1", "192.0.2.7"),
        (1, NGINX, "192.0.2.7", "192.0.2.7"),
        (1, NGINX, "198.51.100.1, 192.0.2.7", "192.0.2.7"),
        (2, NGINX, "198.51.100.1, 192.0.2.7, 203.0.113.9", "192.0.2.7"),
        (2, NGINX, "192.0.2.7", NGINX),
        (1, NGINX, "nonsense", ""),
        (0, "", None, ""),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, remote, forwarded, found):
    assert address(settings, proxies, remote, forwarded) == found


def test_of_ipv6_one_visitor_holds_a_whole_network():
    assert household("2001:db8:1:2:3::4") == household("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert household("192.0.2.7") == "192.0.2.7"
    assert household("") == ""
