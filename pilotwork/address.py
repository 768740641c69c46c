"""From where a request comes, with our own proxies taken off."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings


def client_address(request) -> str:
    """The visitor's address, "" when there is none.

    Behind PROXY_COUNT proxies of our own it is the entry of X-Forwarded-For that the first of them
    wrote: what stands before it was claimed by the visitor, who may claim anything.
    """
    address = request.META.get("REMOTE_ADDR", "")
    count = settings.PROXY_COUNT
    hops = request.headers.get("X-Forwarded-For", "").split(",") if count else []
    if len(hops) >= count > 0:
        address = hops[-count]
    try:
        return str(ip_address(address.strip()))
    except ValueError:
        return ""


def household(address) -> str:
    """What one visitor holds: the address itself, of IPv6 the network of 64 bits around it."""
    if not address or not isinstance(ip_address(address), IPv6Address):
        return address
    return str(ip_network(f"{address}/64", strict=False))
