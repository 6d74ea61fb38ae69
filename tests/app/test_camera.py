"""Which camera is opened, and what its photos and refusals mean."""

import flet_camera as fc
import pytest

from cancerapy.app.widgets.camera import choose_camera, is_mirrored, problem_of

FRONT, BACK, OTHER = (
    fc.CameraDescription(name, direction, 0)
    for name, direction in (
        ("front", fc.CameraLensDirection.FRONT),
        ("back", fc.CameraLensDirection.BACK),
        ("desk", fc.CameraLensDirection.EXTERNAL),
    )
)


def test_the_rear_camera_is_preferred() -> None:
    assert choose_camera([FRONT, BACK]) is BACK
    assert choose_camera([FRONT, OTHER]) is FRONT


def test_a_device_without_a_camera() -> None:
    with pytest.raises(LookupError, match="no camera"):
        choose_camera([])


@pytest.mark.parametrize("camera", [FRONT, OTHER])
def test_a_browser_s_camera_that_faces_the_person_mirrors(camera: fc.CameraDescription) -> None:
    assert is_mirrored(camera, is_web=True)
    assert not is_mirrored(camera, is_web=False)


def test_a_rear_camera_does_not_mirror() -> None:
    assert not is_mirrored(BACK, is_web=True)


def test_no_camera_and_a_refusal_are_told_apart() -> None:
    missing = "CameraException(cameraNotFound, No camera found for the given camera options.)"
    refused = "CameraException(CameraAccessDenied, The permission is not granted.)"
    assert problem_of(RuntimeError(missing)) == "camera_missing"
    assert problem_of(RuntimeError(refused)) == "camera_refused"
