"""A participant inside the test, on a real socket, that answers each call as the test says."""

import http.client
import json
import socketserver
import threading
import urllib.parse


class Call:
    """One request as it arrived."""

    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body

    @property
    def step(self):
        return self.headers.get("saga-step")

    @property
    def phase(self):
        return self.headers.get("saga-phase")


def json_answer(status, body):
    """The bytes of an answer."""
    text = json.dumps(body).encode()
    head = (
        f"HTTP/1.1 {status} x\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + text


def read_call(stream):
    """The next request, or None when the client went away."""
    first = stream.readline().split()
    if len(first) < 3:
        return None
    headers = {}
    while True:
        line = stream.readline().decode().strip()
        if not line:
            break
        name, value = line.split(":", 1)
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    return Call(first[0].decode(), first[1].decode(), headers, body)


class Peer:
    """`behave(call, connection)` answers every call, on a thread of its own; each connection
    serves one. It may be replaced at any time. `released` is set when the peer ends: who waits
    should wait for that."""

    def __init__(self, behave):
        self.behave, self.calls, self.lock = behave, [], threading.Lock()
        self.released = threading.Event()
        peer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                try:
                    call = read_call(self.rfile)
                    if call is None:
                        return
                    with peer.lock:
                        peer.calls.append(call)
                    peer.behave(call, self.request)
                except OSError:
                    pass  # the client went away, as it may

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            request_queue_size = 128

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}
        )
        self.thread.start()

    def seen(self, step, phase="forward"):
        with self.lock:
            return [call for call in self.calls if call.step == step and call.phase == phase]

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def forward_to(url):
    """A behaviour: the answer of the service at `url`."""
    authority = urllib.parse.urlsplit(url).netloc

    def forward(call, connection):
        onward = http.client.HTTPConnection(authority, timeout=30)
        headers = {
            name: value
            for name, value in call.headers.items()
            if name not in ("host", "connection")
        }
        try:
            onward.request(call.method, call.path, call.body, headers)
            answer = onward.getresponse()
            text = answer.read()
        finally:
            onward.close()
        connection.sendall(json_answer(answer.status, json.loads(text) if text else None))

    return forward
