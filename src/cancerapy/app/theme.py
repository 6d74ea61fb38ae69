"""Colours and sizes of the app: two palettes, checked for contrast, and Flet's theme from them."""

from dataclasses import dataclass

import flet as ft

from cancerapy.app.state import Preferences, ThemeChoice
from cancerapy.app.verdict import Likelihood

ARABIC_FONT = "Noto Sans Arabic"
LATIN_FONT = "Roboto"
FONTS = {
    ARABIC_FONT: "fonts/NotoSansArabic-Regular.ttf",
    f"{ARABIC_FONT} Bold": "fonts/NotoSansArabic-Bold.ttf",
}

GAP = 16
RADIUS = 20


@dataclass(frozen=True, slots=True)
class Tone:
    """A filled area and what is written on it."""

    fill: str
    ink: str


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, as ``#RRGGBB``.

    Args:
        primary: Buttons and what is chosen, with its ink.
        soft: A quiet area in the primary hue, with its ink.
        surface: The page.
        card: Panels on the page.
        ink: Text on page and panels.
        quiet_ink: Secondary text on page and panels.
        line: Borders that must be seen (controls).
        hairline: Borders that only group.
        low: A reassuring result.
        high: A suspicious result.
        unsure: A result that is not sure.
        rejected: No result.
        named: A result without good or bad.
    """

    primary: Tone
    soft: Tone
    surface: str
    card: str
    ink: str
    quiet_ink: str
    line: str
    hairline: str
    low: Tone
    high: Tone
    unsure: Tone
    rejected: Tone
    named: Tone

    def tone(self, likelihood: Likelihood) -> Tone:
        """Return the colours of a result."""
        tone: Tone = getattr(self, likelihood.value)
        return tone


LIGHT = Palette(
    primary=Tone("#0B6B63", "#FFFFFF"),
    soft=Tone("#D8EFEB", "#0A453F"),
    surface="#F5F9F8",
    card="#FFFFFF",
    ink="#14201E",
    quiet_ink="#4A5A57",
    line="#6C7C79",
    hairline="#DCE6E4",
    low=Tone("#DFF2E6", "#0F4D2C"),
    high=Tone("#FBE4E0", "#7A1F14"),
    unsure=Tone("#FBF0D6", "#5C4200"),
    rejected=Tone("#E7EBF0", "#2F3E4E"),
    named=Tone("#E0ECFA", "#12406F"),
)

DARK = Palette(
    primary=Tone("#7FD6CB", "#00332D"),
    soft=Tone("#123F3A", "#C8F2EB"),
    surface="#0F1716",
    card="#182221",
    ink="#E4EDEB",
    quiet_ink="#B2C2BF",
    line="#879794",
    hairline="#2B3937",
    low=Tone("#163B27", "#BFECCD"),
    high=Tone("#4A1D17", "#FFD5CE"),
    unsure=Tone("#42330B", "#FBE4AB"),
    rejected=Tone("#29333D", "#D4DFEA"),
    named=Tone("#17324F", "#D0E4FB"),
)


def choose_palette(preferences: Preferences, *, device_is_dark: bool) -> Palette:
    """Return the palette that the person or, by their wish, the device asks for."""
    if preferences.theme is ThemeChoice.SYSTEM:
        return DARK if device_is_dark else LIGHT
    return DARK if preferences.theme is ThemeChoice.DARK else LIGHT


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 (equal) to 21 (black on white).

    References:
        WCAG 2.2, "contrast ratio" and "relative luminance".

    >>> round(contrast("#000000", "#FFFFFF"), 1)
    21.0
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def build_theme(palette: Palette, preferences: Preferences) -> ft.Theme:
    """Return Flet's theme for a palette, a language's font and a text size."""
    return ft.Theme(
        use_material3=True,
        color_scheme=_color_scheme(palette),
        scaffold_bgcolor=palette.surface,
        font_family=font_of(preferences.language),
        text_theme=_text_theme(palette, preferences),
        visual_density=ft.VisualDensity.STANDARD,
    )


def font_of(language: str) -> str:
    """Return the family that a language is set in."""
    return ARABIC_FONT if language == "ar" else LATIN_FONT


def _color_scheme(palette: Palette) -> ft.ColorScheme:
    return ft.ColorScheme(
        primary=palette.primary.fill,
        on_primary=palette.primary.ink,
        primary_container=palette.soft.fill,
        on_primary_container=palette.soft.ink,
        secondary=palette.primary.fill,
        on_secondary=palette.primary.ink,
        secondary_container=palette.soft.fill,
        on_secondary_container=palette.soft.ink,
        tertiary=palette.named.ink,
        on_tertiary=palette.named.fill,
        error=palette.high.ink,
        on_error=palette.high.fill,
        error_container=palette.high.fill,
        on_error_container=palette.high.ink,
        surface=palette.surface,
        on_surface=palette.ink,
        on_surface_variant=palette.quiet_ink,
        surface_container_lowest=palette.card,
        surface_container_low=palette.card,
        surface_container=palette.card,
        surface_container_high=palette.card,
        surface_container_highest=palette.hairline,
        outline=palette.line,
        outline_variant=palette.hairline,
        surface_tint=palette.card,
        inverse_surface=palette.ink,
        on_inverse_surface=palette.surface,
    )


def _text_theme(palette: Palette, preferences: Preferences) -> ft.TextTheme:
    """Return Material's text sizes, enlarged, for what draws its own text (buttons, fields).

    Fields take the colour of what is typed from the large body text and from nothing else; left
    out, it is black in every palette.
    """
    sizes = {
        "body_large": 16, "body_medium": 15, "body_small": 13,
        "label_large": 15, "label_medium": 13, "label_small": 12,
        "title_large": 22, "title_medium": 17, "title_small": 15,
    }  # fmt: skip
    return ft.TextTheme(
        **{
            name: ft.TextStyle(
                size=size * preferences.text_scale,
                color=palette.ink if name == "body_large" else None,
                font_family=font_of(preferences.language),
                font_family_fallback=[LATIN_FONT, ARABIC_FONT],
            )
            for name, size in sizes.items()
        }
    )
