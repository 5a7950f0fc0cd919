"""A load of keep-alive connections over raw sockets: the client must cost less than the server."""

import json
import socket
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Load:
    requests: int
    seconds: float
    slowest_ms: float

    @property
    def rate(self):
        return self.requests / self.seconds


class Connection:
    """`accept`: what kinds of answer are asked for; a browser says so, others take any."""

    def __init__(self, address, path, cookie, accept="*/*"):
        self.accept = accept
        self.address, self.file = address, None
        self.path, self.host, self.cookie = path, address[0], cookie

    def get(self):
        """One answer, read whole; raises on any status but 200, and 202, which is not ready yet."""
        return self.send(self._head("GET", self.cookie) + b"\r\n")

    def _head(self, method, cookie):
        return (
            f"{method} {self.path} HTTP/1.1\r\nHost: {self.host}\r\nCookie: {cookie}\r\n"
            f"Accept: {self.accept}\r\n"
        ).encode()

    def send(self, request):
        self.request = request
        if self.file is None:
            self.socket = socket.create_connection(self.address, timeout=120)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.file = self.socket.makefile("rb")
        self.socket.sendall(request)
        status = self.file.readline()
        self.ready = b" 200 " in status
        if not self.ready and b" 202 " not in status:
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


class Saver(Connection):
    """Somebody who types into one cell of a grid: each save is a change, and none meets another."""

    CSRF = "benchmark" * 3 + "secre"

    def __init__(self, address, path, cookie, index):
        super().__init__(address, path, cookie, accept="application/json")
        self.key, self.version, self.count = f"i{index + 1}", 1, 0

    def get(self):
        self.count += 1
        cells = [{"key": self.key, "value": str(self.count % 100), "version": self.version}]
        form = {"csrfmiddlewaretoken": self.CSRF, "cells": json.dumps(cells)}
        body = urlencode(form).encode()
        head = (
            self._head("POST", f"{self.cookie}; csrftoken={self.CSRF}")
            + (
                "Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            ).encode()
        )
        [answer] = json.loads(self.send(head + body))["cells"]
        self.version = answer["version"]
        return answer


def run(address, path, cookie, connections, seconds, *, saving=False) -> Load:
    ends = time.perf_counter() + seconds
    counts, slowest, failures = [0] * connections, [0.0] * connections, []

    def work(index):
        connection = (
            Saver(address, path, cookie, index) if saving else Connection(address, path, cookie)
        )
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
