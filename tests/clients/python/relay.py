"""A TCP relay in front of a server: it counts connections and keeps what the client sent."""

import socket
import socketserver
import threading


class Relay:
    """Passes bytes on both ways, unchanged. Its `host` is what a client is given; use it in a `with`."""

    def __init__(self, server):
        self.connections = 0
        self._sent = bytearray()
        self._lock = threading.Lock()
        self._target = ("127.0.0.1", server.port)
        relay = self

        class Passing(socketserver.BaseRequestHandler):
            def handle(self):
                relay.serve(self.request)

        self._listener = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Passing)
        self._listener.daemon_threads = True
        self.port = self._listener.server_address[1]
        self.host = f"127.0.0.1:{self.port}"

    def __enter__(self):
        threading.Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown()
        self._listener.server_close()

    def sent(self):
        """What the client has sent so far, as text."""
        with self._lock:
            return self._sent.decode()

    def serve(self, client):
        with self._lock:
            self.connections += 1
        with socket.create_connection(self._target) as target:
            back = threading.Thread(target=pump, args=(target, client), daemon=True)
            back.start()
            pump(client, target, self._keep)
            back.join()

    def _keep(self, piece):
        with self._lock:
            self._sent += piece


def pump(source, sink, keep=None):
    """Copies until the source ends or either side breaks, then ends the sink's input."""
    try:
        while piece := source.recv(65536):
            if keep:
                keep(piece)
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass
