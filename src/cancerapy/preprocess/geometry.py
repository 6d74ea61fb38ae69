"""Where a point of the source picture lies in the prepared one.

Every step of ``prepare_image`` crops, pads or scales along the axes, so the way from source to
prepared picture is one number to multiply and one to add per axis.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Geometry:
    """The affine map from source fractions to prepared fractions (both 0..1 inside the picture).

    ``x' = scale_x * x + shift_x`` and likewise for y. Points that a crop cuts off come out below
    0 or above 1.
    """

    scale_x: float = 1.0
    shift_x: float = 0.0
    scale_y: float = 1.0
    shift_y: float = 0.0

    def then(self, following: "Geometry") -> "Geometry":
        """Return the map that applies this one first and ``following`` after it."""
        return Geometry(
            following.scale_x * self.scale_x,
            following.scale_x * self.shift_x + following.shift_x,
            following.scale_y * self.scale_y,
            following.scale_y * self.shift_y + following.shift_y,
        )

    def move_point(self, x: float, y: float) -> tuple[float, float]:
        """Return where the point (x, y), in fractions of the source, lies when prepared."""
        return self.scale_x * x + self.shift_x, self.scale_y * y + self.shift_y


def crop_geometry(shape: tuple[int, int], rows: slice, columns: slice) -> Geometry:
    """Return the map of cutting ``rows`` and ``columns`` out of a picture.

    Args:
        shape: Height and width of the picture in pixels.
        rows: Rows kept, start and stop in pixels. Outside the picture means padding.
        columns: Columns kept, likewise.
    """
    height, width = shape
    n_rows, n_columns = rows.stop - rows.start, columns.stop - columns.start
    return Geometry(
        width / n_columns, -columns.start / n_columns, height / n_rows, -rows.start / n_rows
    )
