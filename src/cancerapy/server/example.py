"""The first answer: an example image, drawn on the spot, and the line that sends it."""

import shlex
import tempfile
from pathlib import Path

from PIL import Image as PillowImage

from cancerapy.cancers import Cancer
from cancerapy.phantoms import draw_phantom
from cancerapy.settings import Settings

HEIGHT_PX, WIDTH_PX = 450, 600


def write_example(cancer: Cancer, cache: Path) -> Path:
    """Draw a phantom of ``cancer`` and write it as a JPEG; return its absolute path.

    Args:
        cancer: Whose images it should look like.
        cache: Folder of the cache; a temporary one is used where it cannot be written.
    """
    picture = PillowImage.fromarray(
        draw_phantom(cancer.phantom, seed=0, height=HEIGHT_PX, width=WIDTH_PX)
    )
    try:
        return _write(picture, cache / "examples", cancer.id)
    except OSError:
        return _write(picture, Path(tempfile.mkdtemp(prefix="cancerapy-")), cancer.id)


def _write(picture: PillowImage.Image, folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = (folder / f"{name}.jpg").resolve()
    picture.save(path, quality=92)
    return path


def build_curl_line(settings: Settings, cancer_id: str, image: Path) -> str:
    """Return a shell command that asks the server of ``settings`` about ``image``.

    Args:
        settings: Where the server listens, and its token.
        cancer_id: The cancer whose main task is asked.
        image: The file to send.
    """
    words = ["curl", *(["--cacert", str(settings.certificate)] if settings.tls else [])]
    if settings.token:
        words += ["-H", f"Authorization: Bearer {settings.token}"]
    words += ["-F", f"image=@{image}", f"{build_address(settings)}/{cancer_id}"]
    return shlex.join(words)


def build_address(settings: Settings, host: str = "") -> str:
    """Return the address under which this machine reaches the server.

    Args:
        settings: Where the server listens, and whether it speaks TLS.
        host: Another name or address of it, for other machines.

    >>> build_address(Settings(host="0.0.0.0", port=80))
    'http://127.0.0.1:80'
    """
    own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    host, scheme = host or own, "https" if settings.tls else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{settings.port}"
