"""The app's mark."""

import flet as ft

from cancerapy.app.scene import Scene


def mark(scene: Scene, size_px: float) -> ft.Control:
    """Return the mark, a lens over a cross, in a rounded square."""
    square = ft.Container(
        ft.Icon(
            ft.Icons.HEALTH_AND_SAFETY_OUTLINED,
            size=size_px * 0.58,
            color=scene.palette.primary.ink,
        ),
        width=size_px,
        height=size_px,
        bgcolor=scene.palette.primary.fill,
        border_radius=size_px * 0.28,
        alignment=ft.Alignment.CENTER,
    )
    return ft.Row([square])
