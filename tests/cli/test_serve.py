"""The options of ``cancerapy serve``."""

from pathlib import Path
from typing import Any

import pytest

from cancerapy.cli.main import load_command
from cancerapy.settings import Settings


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Return the settings that the command would serve with."""
    seen: list[Settings] = []

    def record(settings: Settings, **_: Any) -> None:
        seen.append(settings)

    monkeypatch.setattr("cancerapy.server.serve", record)
    return seen


def _invoke(*arguments: str) -> int:
    """Run the command; return its exit status."""
    with pytest.raises(SystemExit) as ended:
        load_command("serve").main(list(arguments), prog_name="serve")
    return int(ended.value.code or 0)


def test_defaults_stay_on_the_own_machine(served: list[Settings]) -> None:
    assert _invoke() == 0
    assert (served[0].host, served[0].port) == ("127.0.0.1", 8000)


def test_options_win_over_the_environment(
    served: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANCERAPY_PORT", "9000")
    monkeypatch.setenv("CANCERAPY_WORKERS", "3")
    _invoke("--port", "9001", "--bundles", "b", "--token", "t", "--max-upload-mb", "5")
    settings = served[0]
    assert (settings.port, settings.workers) == (9001, 3)
    assert (settings.bundles, settings.token) == (Path("b"), "t")
    assert settings.max_upload_mb == 5


@pytest.mark.parametrize("arguments", [("--port", "70000"), ("--workers", "-1"), ("extra",)])
def test_wrong_use_ends_with_status_2(served: list[Settings], arguments: tuple[str, ...]) -> None:
    assert _invoke(*arguments) == 2
    assert served == []


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    assert _invoke("--help") == 0
    text = capsys.readouterr().out
    assert "http://127.0.0.1:8000" in text
    assert "cancerapy serve --host 0.0.0.0" in text
