"""Settings from overrides, the environment and the defaults."""

import dataclasses
from pathlib import Path

import pytest

from cancerapy.errors import DataError, UnknownNameError, UsageError
from cancerapy.settings import Settings, load_settings

FIELDS = dataclasses.fields(Settings)


def test_defaults() -> None:
    settings = load_settings({})
    assert settings == Settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (settings.max_upload_mb, settings.max_megapixels) == (20, 50)
    assert settings.data is None
    assert settings.results == Path("results")


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_setting_has_help_and_is_read_from_its_variable(
    field: dataclasses.Field[object],
) -> None:
    assert field.metadata["help"].endswith(".")
    text = "yes" if field.type is bool else "17"
    value = getattr(load_settings({f"CANCERAPY_{field.name.upper()}": text}), field.name)
    expected = {int: 17, str: "17", bool: True}.get(field.type, Path("17"))
    assert value == expected
    assert type(value) is type(expected)


def test_an_override_wins_and_none_is_not_given() -> None:
    environ = {"CANCERAPY_PORT": "9000", "CANCERAPY_HOST": "::1"}
    settings = load_settings(environ, port=9001, host=None)
    assert (settings.port, settings.host) == (9001, "::1")


def test_an_override_may_be_zero() -> None:
    assert load_settings({"CANCERAPY_WORKERS": "3"}, workers=0).workers == 0


def test_an_empty_variable_is_not_set() -> None:
    assert load_settings({"CANCERAPY_DATA": "", "CANCERAPY_PORT": ""}) == Settings()


def test_home_is_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    settings = load_settings({"CANCERAPY_DATA": "~/images"})
    assert settings.data == Path("/home/someone/images")


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANCERAPY_MAX_BATCH", "5")
    assert load_settings().max_batch == 5


@pytest.mark.parametrize(("text", "value"), [("TRUE", True), ("0", False), ("No", False)])
def test_a_switch_is_on_or_off(text: str, value: bool) -> None:
    assert load_settings({"CANCERAPY_TLS": text}).tls is value


def test_a_switch_must_be_one() -> None:
    with pytest.raises(UsageError, match=r"CANCERAPY_TLS must be one of 1, true, .* 'perhaps'"):
        load_settings({"CANCERAPY_TLS": "perhaps"})


@pytest.mark.parametrize("text", ["many", "-1", "2.5", "8k"])
def test_a_number_must_be_one(text: str) -> None:
    expected = rf"^CANCERAPY_PORT must be a whole number of at least 0; it is '{text}'\.$"
    with pytest.raises(UsageError, match=expected) as caught:
        load_settings({"CANCERAPY_PORT": text})
    assert (caught.value.code, caught.value.field) == ("setting_invalid", "port")


def test_an_unknown_override_is_refused() -> None:
    with pytest.raises(
        UnknownNameError, match=r"^No setting named 'prot'\..* Did you mean 'port'\?$"
    ):
        load_settings({}, prot=1)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_settings({}).port = 1


def test_the_folder_of_the_data_sets_is_there_or_how_to_get_them_is_said() -> None:
    assert Settings(data=Path("/images")).data_root("Training needs") == Path("/images")
    with pytest.raises(DataError) as caught:
        Settings().data_root("Training needs", "skin")
    assert caught.value.code == "data_missing"
    assert str(caught.value).startswith("Training needs the folder of the data sets; none is set.")
    assert "'cancerapy data download skin' says how" in str(caught.value)
