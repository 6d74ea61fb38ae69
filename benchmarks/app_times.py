"""How long a person waits: for the first screen, and from tapping *analyse* to the result.

A browser without a window, its drawing in software, on the machine of the server.

    python benchmarks/app_times.py
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from record import Figure, record

from cancerapy.cancers import list_cancers, load_cancer
from cancerapy.phantoms import draw_phantom

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from walk_app import Walker, run_chromium, run_server


def wait_once(browser: object, address: str, cancer: str, picture: Path) -> tuple[float, float]:
    """Return the seconds until the first screen and from *analyse* to the result."""
    walker = Walker(browser, address)
    began = time.perf_counter()
    walker.open()
    opened_s = time.perf_counter() - began
    walker.consent()
    walker.choose_cancer(cancer)
    walker.go_to_capture()
    walker.choose_picture(picture)
    walker.wait_for("button", "capture.analyse")
    began = time.perf_counter()
    walker.analyse()
    answered_s = time.perf_counter() - began
    walker.close()
    return opened_s, answered_s


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=5, help="visits for each cancer")
    parser.add_argument("--dry-run", action="store_true", help="write no row")
    options = parser.parse_args()
    opened: list[float] = []
    answered: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name, run_server(Path(name)) as address:
        for cancer_id in list_cancers():
            pixels = draw_phantom(load_cancer(cancer_id).phantom, seed=0, height=450, width=600)
            picture = Path(name) / f"{cancer_id}.png"
            Image.fromarray(pixels).save(picture)
            with run_chromium() as browser:
                for _ in range(options.n):
                    opened_s, answered_s = wait_once(browser, address, cancer_id, picture)
                    opened.append(opened_s)
                    answered.setdefault(cancer_id, []).append(answered_s)
    first_s = statistics.median(opened)
    figures = [Figure("app", "first screen", "", "median wait", first_s, "s", first_s, "<= 4")]
    for cancer_id, taken in answered.items():
        wait_s = statistics.median(taken)
        subject = f"from analyse to the result, {cancer_id}"
        figures.append(Figure("app", subject, "", "median wait", wait_s, "s", wait_s, "<= 1"))
    record(figures, dry_run=options.dry_run)


if __name__ == "__main__":
    main()
