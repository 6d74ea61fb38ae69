"""Contrast of every pair of colours that is used together (WCAG 2.2, level AA)."""

import pytest

from cancerapy.app.state import Preferences, ThemeChoice
from cancerapy.app.theme import DARK, LIGHT, Palette, Tone, build_theme, choose_palette, contrast
from cancerapy.app.verdict import Likelihood

TEXT, BOUNDARY = 4.5, 3.0
PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def test_contrast_by_hand() -> None:
    # Luminance of #777777 is 0.1845: (1 + 0.05) / (0.1845 + 0.05).
    assert contrast("#FFFFFF", "#777777") == pytest.approx(4.478, abs=0.001)
    assert contrast("#123456", "#123456") == 1


@PALETTES
def test_text_can_be_read(palette: Palette) -> None:
    tones = [getattr(palette, name) for name in Palette.__slots__]
    pairs = [(tone.ink, tone.fill) for tone in tones if isinstance(tone, Tone)]
    assert len(pairs) == 2 + len(Likelihood)
    for ground in (palette.surface, palette.card):
        inks = (palette.ink, palette.quiet_ink, palette.primary.fill, palette.high.ink)
        pairs += [(ink, ground) for ink in inks]
    for ink, ground in pairs:
        assert contrast(ink, ground) >= TEXT, (ink, ground)


@PALETTES
def test_controls_can_be_seen(palette: Palette) -> None:
    for ground in (palette.surface, palette.card):
        assert contrast(palette.line, ground) >= BOUNDARY
        assert contrast(palette.primary.fill, ground) >= BOUNDARY
    assert contrast(palette.primary.fill, palette.hairline) >= BOUNDARY  # a bar on its track


@PALETTES
def test_what_is_typed_has_the_colour_of_text(palette: Palette) -> None:
    texts = build_theme(palette, Preferences()).text_theme
    assert texts is not None
    assert texts.body_large is not None
    assert texts.body_large.color == palette.ink


def test_the_device_decides_only_if_the_person_wants_so() -> None:
    follows, dark = Preferences(), Preferences(theme=ThemeChoice.DARK)
    light = Preferences(theme=ThemeChoice.LIGHT)
    assert choose_palette(follows, device_is_dark=True) is DARK
    assert choose_palette(follows, device_is_dark=False) is LIGHT
    assert choose_palette(dark, device_is_dark=False) is DARK
    assert choose_palette(light, device_is_dark=True) is LIGHT


def test_text_grows_with_the_person_s_size() -> None:
    normal, large = (
        build_theme(LIGHT, Preferences(text_scale=scale)).text_theme for scale in (1.0, 1.5)
    )
    assert normal is not None
    assert large is not None
    assert (normal.body_large.size, large.body_large.size) == (16, 24)
