"""The HTML report holds what was measured and opens by itself."""

import base64
import io
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from cancerapy.cancers import Cancer
from cancerapy.evaluation.assessment import assess
from cancerapy.evaluation.baselines import predict_majority
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.predictions import OutOfFold
from cancerapy.evaluation.report import Section, format_figure, write_report
from cancerapy.evaluation.rows import Origin
from cancerapy.evaluation.summary import summarise

Draw = Callable[..., OutOfFold]
NAN = float("nan")
ORIGIN = Origin(
    task="toy", protocol="grouped-3", leaking="", model="Net <b>", plan="p", manifest="m",
    split="s", seed="0", groups=60, n=120, size="", machine="machine", commit="abc",
    command="cancerapy evaluate toy", date="2026-01-31",
)  # fmt: skip


@pytest.fixture(scope="module")
def sections(cancer: Cancer, draw: Draw) -> list[Section]:
    drawn = draw(60)
    sexes = ["female", "male", "<i>"]
    facts = {"sex": {p: sexes[min(i // 55, 2)] for i, p in enumerate(drawn.images.tolist())}}
    rivals = {"baseline: majority": predict_majority(drawn)}
    found = assess(drawn, cancer, facts=facts, others=rivals, n_resamples=60)
    return [Section(replace(ORIGIN, task=a.calibrated.outcome.task.id), a) for a in found]


class Balance(HTMLParser):
    """Counts open elements."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_report_is_whole_and_stands_alone(tmp_path: Path, sections: list[Section]) -> None:
    file = tmp_path / "folder" / "report.html"
    write_report(file, "Toy & more", sections)
    text = file.read_text(encoding="utf-8")
    balance = Balance()
    balance.feed(text)
    assert balance.open == []
    assert "<title>Toy &amp; more</title>" in text
    assert "Net &lt;b&gt;" in text
    assert "&lt;i&gt;" in text
    assert "<i>" not in text
    assert not re.search(r"(src|href)=\"(?!data:image/png|#)", text)
    targets = re.findall(r'<section id="([^"]+)"', text)
    assert targets == ["task-toy", "task-toy-density", "task-toy--density"]
    assert re.findall(r'href="#([^"]+)"', text) == targets


def test_the_figures_in_the_report_are_those_measured(
    tmp_path: Path, sections: list[Section]
) -> None:
    file = tmp_path / "report.html"
    write_report(file, "Toy", sections)
    text = file.read_text(encoding="utf-8")
    accuracy = sections[0].assessment.figure("accuracy")
    cell = f'<th scope="row">Accuracy</th><td>{format_figure(accuracy)}</td>'
    assert cell in text
    assert "too few" in text  # ten images of the third sex
    assert '<th scope="row">baseline: majority</th>' in text
    assert "LEAKING" not in text


def test_every_picture_opens(tmp_path: Path, sections: list[Section]) -> None:
    file = tmp_path / "report.html"
    write_report(file, "Toy", sections[:1])
    pictures = re.findall(r'data:image/png;base64,([^"]+)"', file.read_text())
    assert len(pictures) == 5  # confusion, ROC, reliability, by sex, by fold
    for picture in pictures:
        opened = Image.open(io.BytesIO(base64.b64decode(picture)))
        opened.load()
        assert 200 < opened.width < 1500
        assert len(set(opened.convert("L").tobytes())) > 20  # something is drawn


def test_a_leaking_protocol_says_so(tmp_path: Path, sections: list[Section]) -> None:
    leaking = [replace(s, origin=replace(s.origin, leaking="LEAKING")) for s in sections]
    file = tmp_path / "report.html"
    write_report(file, "Toy", leaking)
    assert "<strong>LEAKING.</strong>" in file.read_text()
    assert "toy-density LEAKING" in summarise(leaking)


def test_the_summary_has_a_line_a_task_and_a_rival(sections: list[Section]) -> None:
    lines = summarise(sections).splitlines()
    assert lines[0].split() == ["task", "images", "accuracy", "balanced", "macro-F1", "AUC", "ECE"]
    assert [line.split("  ")[0].strip() for line in lines[1:3]] == ["toy", ""]
    assert lines[2].startswith("  against baseline: majority  120 ")
    assert len(lines) == 7
    assert format_figure(sections[0].assessment.figure("accuracy")) in lines[1]


@pytest.mark.parametrize(
    ("figure", "is_difference", "text"),
    [
        (Figure("accuracy", 0.8124, 0.8, 0.83), False, "81.2 % (80.0 to 83.0)"),
        (Figure("sensitivity:mel", 0.5, NAN, NAN), False, "50.0 %"),
        (Figure("ece", 0.0312, 0.02, 0.04), False, "0.031 (0.020 to 0.040)"),
        (Figure("accuracy", 0.02, -0.01, 0.05), True, "+2.0 points (-1.0 to +5.0)"),
        (Figure("macro_auc", -0.011, -0.02, -0.001), True, "-0.011 (-0.020 to -0.001)"),
        (Figure("accuracy", NAN, NAN, NAN), False, "-"),
        (None, False, "-"),
    ],
)
def test_figures_in_words(figure: Figure | None, is_difference: bool, text: str) -> None:
    assert format_figure(figure, is_difference=is_difference) == text
