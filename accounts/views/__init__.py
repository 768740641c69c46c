"""Pages of the accounts room: signing in, and the administrator's people."""

from accounts.views.session import locked_out

__all__ = ["locked_out"]
