"""The one way in which a verb says no to input that is well-formed but cannot be done."""


class Refused(Exception):
    """A verb refuses; `message` is what the person reads, `field` the form field it belongs to.

    `stale` says that the matter has moved on since the person looked, so the form is pointless.
    Nothing has been changed when this is raised.
    """

    def __init__(self, message, field=None, *, stale=False):
        super().__init__(message)
        self.message = message
        self.field = field
        self.stale = stale
