"""A server in a process of its own, and the plainest client that can ask it."""

import http.client
import io
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from cancerapy.cancers import load_cancer
from cancerapy.phantoms import draw_phantom

BOUNDARY = "benchmark-boundary"
HEIGHT_PX, WIDTH_PX = 450, 600


def draw_jpeg(cancer_id: str, *, seed: int = 0) -> bytes:
    """Return a phantom of the cancer as a JPEG of 600 x 450 px."""
    pixels = draw_phantom(
        load_cancer(cancer_id).phantom, seed=seed, height=HEIGHT_PX, width=WIDTH_PX
    )
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=92)
    return stream.getvalue()


class Client:
    """One connection that sends one and the same image.

    Args:
        port: Port on 127.0.0.1.
        path: Route.
        image: The file.
    """

    def __init__(self, port: int, path: str, image: bytes) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._connection.connect()
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._path = path
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"'
        self._body = (
            f"{head}\r\nContent-Type: image/jpeg\r\n\r\n".encode()
            + image
            + f"\r\n--{BOUNDARY}--\r\n".encode()
        )

    def ask(self) -> bytes:
        """Send the image and return the answer's body."""
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        self._connection.request("POST", self._path, self._body, kind)
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{self._path}: {response.status} {body[:300]!r}")
        return body


@contextmanager
def running(command: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server that listens on ``port``; yield once it answers.

    Args:
        command: Its command line.
        port: Port on 127.0.0.1.
    """
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/livez")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.02)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError("the server did not start within two minutes")


def serve_command(port: int, bundles: Path | None) -> list[str]:
    """Return the command line of our server."""
    command = [sys.executable, "-m", "cancerapy", "serve", "--port", str(port)]
    return [*command, "--bundles", str(bundles)] if bundles else command


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def memory_mb(pid: int, *, peak: bool) -> float:
    """Return the resident memory of a process in megabytes (10^6 bytes).

    Args:
        pid: Process id.
        peak: The most it ever had, instead of what it has now.
    """
    name = "VmHWM" if peak else "VmRSS"
    text = Path(f"/proc/{pid}/status").read_text()
    found = re.search(rf"^{name}:\s+(\d+) kB", text, flags=re.MULTILINE)
    if found is None:
        raise RuntimeError(f"/proc/{pid}/status has no {name} on {os.uname().sysname}")
    return int(found.group(1)) * 1024 / 1e6
