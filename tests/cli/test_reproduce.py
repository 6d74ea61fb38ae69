"""``cancerapy reproduce``: wrong use leaves the pages alone, what would be ignored is refused."""

from pathlib import Path

import pytest

from cancerapy.cli.main import run
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import Origin, Row
from cancerapy.reproduce import Context, Experiment, Yield, document, session


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder that no setting leads out of."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATA", "RESULTS", "RUNS"):
        monkeypatch.delenv(f"CANCERAPY_{name}", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["skin-imbalanc"], 2, "Did you mean 'skin-imbalance'?"),
        (["skin-imbalance", "--part", "focal los"], 2, "Did you mean 'focal loss'?"),
        (["--part", "focal loss"], 2, "--part belongs to one experiment; name it before."),
        (["skin-imbalance", "--plans", "lost"], 2, "there is no folder 'lost'."),
        (["skin-imbalance"], 1, "The experiments need the folder of the data sets; none is set."),
        (["--figures", "drawn"], 1, "The figures need the folder of the data sets; none is set."),
        (["skin-imbalance", "--document"], 2, "--document runs no experiment, so EXPERIMENT would"),
        (["--figures", "drawn", "--quick"], 2, "--figures runs no experiment, so --quick would"),
        (["--list", "--again"], 2, "--list runs no experiment, so --again would be ignored."),
        (["--list", "--document"], 2, "--list runs no experiment, so --document would be ignored."),
    ],
)
def test_wrong_use_is_refused_and_writes_nothing(
    words: list[str], status: int, message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "plans").mkdir()
    assert run(["reproduce", *words]) == status
    assert message in " ".join(capsys.readouterr().err.split())
    assert [path.name for path in folder.iterdir()] == ["plans"]


class _QuickPart:
    """A part that is measured at once."""

    name = "one"

    def run(self, context: Context) -> Yield:
        """Return one figure."""
        origin = Origin(
            task="toy", protocol="grouped-2", leaking="", model=self.name, plan="p", manifest="m",
            split="s", seed="0", groups=8, n=16, size="", command=context.command,
        )  # fmt: skip
        return Yield([Row(origin, Figure("accuracy", 0.8, 0.7, 0.9))])


def test_what_is_measured_goes_to_the_pages_and_the_list(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    experiment = Experiment(
        "toy-trial", "Toy", "nowhere", "Nothing.", "None.", [_QuickPart()],
        {"accuracy": "Accuracy"}, lambda findings: "It works.",
    )  # fmt: skip
    for module in (session, document):
        monkeypatch.setattr(module, "list_experiments", lambda: ["toy-trial"])
        monkeypatch.setattr(module, "load_experiment", lambda name: experiment)
    monkeypatch.setattr("cancerapy.models.quiet_start.start_keras", lambda: None)
    (folder / "plans").mkdir()
    words = ["reproduce", "toy-trial", "--data", str(folder)]
    assert run(words) == 0
    printed = capsys.readouterr()
    assert printed.out.split() == ["docs/reproduction.md", "docs/anchors.md"]
    assert "toy-trial, part 1 of 1: one" in printed.err
    assert "It works." in (folder / "docs" / "reproduction.md").read_text()
    assert run(["reproduce", "--list"]) == 0
    assert capsys.readouterr().out == "toy-trial          done           Toy (nowhere)\n"
    assert run(words) == 0
    assert "measured before" in capsys.readouterr().err
