"""The network's input, as the server describes it, in the form that preparing takes."""

from dataclasses import dataclass

from cancerapy.contract.responses import InputResponse


@dataclass(frozen=True, slots=True)
class Shape:
    """See ``preprocess.PrepareSpec``."""

    height: int
    width: int
    aspect: str
    steps: tuple[str, ...]
    min_side_px: int

    @classmethod
    def of(cls, spec: InputResponse, min_side_px: int) -> "Shape":
        """Return the input of ``spec``.

        Args:
            spec: What the server says.
            min_side_px: Smallest shorter side that is taken; a thumbnail has less than
                ``spec.min_side_px``.
        """
        return cls(spec.height_px, spec.width_px, spec.aspect, spec.steps, min_side_px)
