"""MobileNet-EdgeTPU without its top."""

import pytest

from cancerapy.models.mobilenet_edgetpu import build_mobilenet_edgetpu


@pytest.mark.parametrize(("height", "width"), [(64, 96), (50, 33)])
def test_map_is_a_32nd_of_the_input_rounded_up(height: int, width: int) -> None:
    model = build_mobilenet_edgetpu((height, width, 3))
    assert model.output_shape == (None, -(-height // 32), -(-width // 32), 1280)


def test_structure() -> None:
    model = build_mobilenet_edgetpu((64, 64, 3))
    names = {layer.name for layer in model.layers}
    # 22 bottlenecks; groups of four begin without a residual, and so do the first and the last.
    joins = {f"expanded_conv_{i}_add" for i in (2, 3, 4, 6, 7, 8, 10, 11, 12, 14, 15, 16)}
    joins |= {f"expanded_conv_{i}_add" for i in (18, 19, 20)}
    assert {name for name in names if name.endswith("_add")} == joins
    depthwise = {name for name in names if name.endswith("_depthwise")}
    assert depthwise == {f"expanded_conv_{i}_depthwise" for i in range(9, 22)}
    assert model.get_layer("expanded_conv_17_depthwise").kernel_size == (5, 5)
    assert model.get_layer("expanded_conv_12_add").output.shape == (None, 4, 4, 96)


def test_size_is_that_of_the_original() -> None:
    # 4.09 million with the classifier of 1001 classes, which has 1281 x 1001 of them.
    n_weights = build_mobilenet_edgetpu((64, 64, 3)).count_params()
    assert 2.7e6 < n_weights < 3.0e6
