"""A line to the bank that can be held: the bank gets the message, the sender does not hear so yet."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class SlowLine(ThreadingHTTPServer):
    """Forwards everything to the bank. `held`: answers to payment files are kept back; `arrived` tells
    of the first.
    """

    daemon_threads = True

    def __init__(self, bank_url: str) -> None:
        super().__init__(("127.0.0.1", 0), _Forwarder)
        self.bank_url = bank_url
        self.held = True
        self.arrived = threading.Event()
        self.released = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def let_go(self) -> None:
        """From now on the line is an ordinary one."""
        self.held = False
        self.released.set()


class _Forwarder(BaseHTTPRequestHandler):
    server: SlowLine

    def do_GET(self) -> None:
        self._forward()

    def do_POST(self) -> None:
        self._forward()

    def log_message(self, *_: object) -> None:
        """The test prints nothing."""

    def _forward(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        request = urllib.request.Request(  # noqa: S310 - loopback
            self.server.bank_url + self.path,
            data=self.rfile.read(length) if length else None,
            method=self.command,
            headers={"Content-Type": self.headers.get("Content-Type", "application/octet-stream")},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, body = error.code, error.read()
        if self.path == "/payments" and self.server.held:
            self.server.arrived.set()
            self.server.released.wait(60)
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


@contextmanager
def slow_line(bank_url: str) -> Iterator[SlowLine]:
    server = SlowLine(bank_url)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.let_go()
        server.shutdown()
        server.server_close()
        thread.join(10)
