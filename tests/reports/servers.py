"""A mail server and a robot's server for the digest to talk to, on ports of their own."""

import contextlib
import json
import socketserver
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REFUSED = "refused@"  # addresses that begin so are unknown to the mail server


@contextlib.contextmanager
def serving(server):
    """Let a socketserver answer in a thread of its own; gives it."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Robot(BaseHTTPRequestHandler):
    """Takes what is posted; under /slow it answers when nobody waits any more."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.startswith("/slow"):
            self.server.is_over.wait(20)
            return
        self.server.posted.append(json.loads(body)["message"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        """Nothing on the screen."""


@contextlib.contextmanager
def robot():
    """A robot's server: `posted` are the texts it got, `address(path)` is apprise's for it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Robot)
    server.posted, server.is_over = [], threading.Event()
    server.address = lambda path="": f"json://127.0.0.1:{server.server_port}/{path}"
    with serving(server):
        try:
            yield server
        finally:
            server.is_over.set()


class Post(socketserver.StreamRequestHandler):
    """As much SMTP as Django's mail speaks."""

    def handle(self):
        self.say("220 here")
        for line in self.rfile:
            word, argument = line.strip().decode().upper().partition(" ")[::2]
            if word == "RCPT" and REFUSED.upper() in argument:
                self.say("550 unknown")
            elif word == "RCPT":
                self.server.taken.append(argument)
                self.say("250 ok")
            elif word == "DATA":
                self.say("354 go on")
                while self.rfile.readline().strip() != b".":
                    pass
                self.say("250 ok")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@contextlib.contextmanager
def mail_server():
    """A mail server: `taken` are the addresses it accepted mail for."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Post)
    server.taken, server.daemon_threads = [], True
    with serving(server):
        yield server
