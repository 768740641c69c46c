"""Ways to take the database away from a running server, and to give it back."""

import contextlib
import os
import socket
import threading
from urllib.parse import urlsplit


class Wire:
    """A port of ours that leads to another one; cut, it breaks what goes through and takes no more."""

    def __init__(self, host, port):
        self.beyond = (host, port)
        self.ends = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self._listen()

    def _listen(self):
        threading.Thread(target=self._take, args=[self.listener], daemon=True).start()

    def _take(self, listener):
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(self.beyond)
                self.ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=pass_on, args=[one, other], daemon=True).start()

    def cut(self):
        """Nobody gets through any more, as when PostgreSQL is stopped."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.ends.clear()

    def mend(self):
        """Everybody gets through again."""
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self._listen()


def pass_on(one, other):
    """Hand on what comes from one socket to the other until either is closed."""
    with contextlib.suppress(OSError):
        while content := one.recv(65536):
            other.sendall(content)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_RDWR)


class Folder:
    """The folder of an SQLite file, which can be gone for a while, as a disk that is not mounted."""

    def __init__(self, folder):
        self.folder = folder
        self.elsewhere = folder.with_name("elsewhere")

    def cut(self):
        """The file is not there."""
        os.rename(self.folder, self.elsewhere)

    def mend(self):
        """It is there again."""
        os.rename(self.elsewhere, self.folder)


def way_to(database, folder):
    """(way that can be cut, address of the database by that way)."""
    parts = urlsplit(database)
    if parts.scheme == "sqlite":
        return Folder(folder), database
    wire = Wire(parts.hostname, parts.port or 5432)
    user = f"{parts.username}:{parts.password}" if parts.password else parts.username
    return wire, parts._replace(netloc=f"{user}@127.0.0.1:{wire.port}").geturl()
