"""Where a network can be cut."""

import keras
import pytest
from keras import layers

from cancerapy.errors import PlanError
from cancerapy.models.cuts import check_cut, find_default_cut, list_cuts


def test_a_layer_beside_a_branch_is_no_cut(backbone: keras.Model) -> None:
    assert list_cuts(backbone) == ["stem", "join", "last", "last_bn", "out"]


def test_branch_around_several_layers() -> None:
    inputs = layers.Input((8, 8, 3))
    a = layers.Conv2D(2, 1, name="a")(inputs)
    b = layers.Conv2D(2, 1, name="b")(a)
    c = layers.Conv2D(2, 1, name="c")(b)
    d = layers.Concatenate(name="d")([a, c])
    model = keras.Model(inputs, layers.Conv2D(2, 1, name="e")(d))
    assert list_cuts(model) == ["a", "d", "e"]


def test_default_cut_ends_the_last_block_before_the_map_shrinks(backbone: keras.Model) -> None:
    assert find_default_cut(backbone) == "join"


def test_default_cut_skips_padding_and_needs_no_branch() -> None:
    inputs = layers.Input((8, 8, 3))
    x = layers.Conv2D(2, 1, name="a")(inputs)
    x = layers.Activation("relu", name="b")(x)
    x = layers.ZeroPadding2D(1, name="pad")(x)
    model = keras.Model(inputs, layers.Conv2D(2, 3, strides=2, name="c")(x))
    assert find_default_cut(model) == "b"


def test_default_cut_of_a_map_that_never_shrinks_is_its_end() -> None:
    inputs = layers.Input((8, 8, 3))
    x = layers.Conv2D(2, 1, name="a")(inputs)
    assert find_default_cut(keras.Model(inputs, layers.Conv2D(2, 1, name="b")(x))) == "b"


def test_layer_in_a_branch_is_refused_with_the_next_cuts(backbone: keras.Model) -> None:
    expected = (
        "^freeze_to must be a layer through which the whole graph passes; 'inner' of toy is "
        "inside a branch. The next possible ones are: join, last, last_bn, out.$"
    )
    with pytest.raises(PlanError, match=expected) as caught:
        check_cut(backbone, "inner")
    assert caught.value.field == "freeze_to"


def test_unknown_layer_is_refused_with_the_nearest(backbone: keras.Model) -> None:
    expected = (
        "^freeze_to must be a layer of toy; there is no 'joint'. The last possible ones are: "
        "stem, join, last, last_bn, out. Did you mean 'join'\\?$"
    )
    with pytest.raises(PlanError, match=expected):
        check_cut(backbone, "joint")


def test_known_cut_is_returned(backbone: keras.Model) -> None:
    assert check_cut(backbone, "join") is backbone.get_layer("join")
