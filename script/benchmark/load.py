"""A load of keep-alive connections over raw sockets: the client must cost less than the server."""

import socket
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    requests: int
    seconds: float
    slowest_ms: float

    @property
    def rate(self):
        return self.requests / self.seconds


class Connection:
    def __init__(self, address, path, cookie):
        self.address, self.file = address, None
        self.request = (
            f"GET {path} HTTP/1.1\r\nHost: {address[0]}\r\nCookie: {cookie}\r\n\r\n".encode()
        )

    def get(self):
        """One answer, read whole; raises on any status but 200."""
        if self.file is None:
            self.socket = socket.create_connection(self.address, timeout=120)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.file = self.socket.makefile("rb")
        self.socket.sendall(self.request)
        status = self.file.readline()
        if b" 200 " not in status:
            raise RuntimeError(f"{self.request.splitlines()[0].decode()} answered {status!r}")
        length, closing = 0, False
        while (line := self.file.readline().lower()) not in (b"\r\n", b""):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            closing |= line.startswith(b"connection: close")
        body = self.file.read(length)
        if closing:
            self.close()
        return body

    def close(self):
        if self.file is not None:
            self.file.close()
            self.socket.close()
            self.file = None


def run(address, path, cookie, connections, seconds) -> Load:
    ends = time.perf_counter() + seconds
    counts, slowest, failures = [0] * connections, [0.0] * connections, []

    def work(index):
        connection = Connection(address, path, cookie)
        try:
            while (started := time.perf_counter()) < ends:
                connection.get()
                counts[index] += 1
                slowest[index] = max(slowest[index], time.perf_counter() - started)
        except Exception as error:  # the thread's end is the run's end
            failures.append(error)
        finally:
            connection.close()

    started = time.perf_counter()
    threads = [threading.Thread(target=work, args=(index,)) for index in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return Load(sum(counts), time.perf_counter() - started, max(slowest) * 1000)
