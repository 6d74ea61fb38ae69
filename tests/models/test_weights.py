"""Starting weights: where they are found, how they are loaded, and what is said if they fail."""

from pathlib import Path

import keras
import numpy as np
import pytest

from cancerapy.errors import DataError
from cancerapy.models._registry import DOWNLOADED, load_backbone
from cancerapy.models.weights import licence_of_weights, start_backbone
from cancerapy.models.weights_files import find_weights

SHAPE = (32, 32, 3)


@pytest.fixture
def saved(tmp_path: Path) -> tuple[keras.Model, Path]:
    """A SmallCNN with weights of its own, and its file."""
    keras.utils.set_random_seed(11)
    model = load_backbone("SmallCNN").build(SHAPE)
    file = tmp_path / "mine.weights.h5"
    model.save_weights(file)
    return model, file


def _same(first: keras.Model, second: keras.Model) -> bool:
    pairs = zip(first.get_weights(), second.get_weights(), strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


def test_none_leaves_everything_random() -> None:
    started = start_backbone(load_backbone("SmallCNN"), SHAPE, "none", None)
    blocks = [f"block_{i}_{part}" for i in (1, 2, 3, 4) for part in ("conv", "bn")]
    assert started.random_layers == set(blocks)
    assert started.variant == ""


def test_file_by_path_and_from_the_weights_folder(saved: tuple[keras.Model, Path]) -> None:
    model, file = saved
    for weights, folder in ((str(file), None), (file.name, file.parent)):
        started = start_backbone(load_backbone("SmallCNN"), SHAPE, weights, folder)
        assert _same(started.model, model)
        assert started.random_layers == frozenset()
        assert started.variant == "mine.weights.h5"


def test_weights_of_a_training_with_optimizer_load(saved: tuple[keras.Model, Path]) -> None:
    model, file = saved
    model.compile("adam", "mse")
    model.optimizer.build(model.trainable_variables)
    model.save_weights(file)
    started = start_backbone(load_backbone("SmallCNN"), SHAPE, str(file), None)
    assert _same(started.model, model)


def test_missing_file() -> None:
    expected = (
        r"^The weights must be 'imagenet', 'none' or a file; there is no file 'lost\.h5'\. "
        r"Check the path, or set CANCERAPY_WEIGHTS to the folder that holds it\.$"
    )
    with pytest.raises(DataError, match=expected) as caught:
        find_weights(load_backbone("SmallCNN"), "lost.h5", None)
    assert caught.value.code == "weights_missing"


@pytest.mark.parametrize("has_folder", [False, True])
def test_imagenet_weights_of_an_own_builder_need_the_folder(
    tmp_path: Path, *, has_folder: bool
) -> None:
    folder = tmp_path if has_folder else None
    place = f"it is not in '{tmp_path}'" if has_folder else "no folder is set"
    with pytest.raises(DataError) as caught:
        find_weights(load_backbone("MobileNetEdgeTPU"), "imagenet", folder)
    assert caught.value.message == (
        "ImageNet weights of MobileNetEdgeTPU must lie as 'mobilenet_edgetpu_1.0.weights.h5' in "
        f"the folder that CANCERAPY_WEIGHTS names; {place}. The file is what Keras' save_weights "
        "writes of this network without its top, with the weights of "
        "MobileNet-EdgeTPU 1.0 (MLPerf mobile, https://github.com/mlcommons/mobile_models), "
        "Apache-2.0; SHA-256 "
        "ad83ceb1546cfc5dc54136ef561a19656e8d91607619ab49b828cb10bb99a68d. Without it, --backbone "
        "MobileNetV2 starts from weights that Keras fetches, and --weights none from random ones. "
        "See docs/how-to/repeat-the-results.md."
    )
    assert caught.value.code == "weights_missing"


def test_a_network_without_published_weights_says_so() -> None:
    with pytest.raises(DataError, match=r"none are of SmallCNN\. Choose --weights none, or"):
        find_weights(load_backbone("SmallCNN"), "imagenet", None)


def test_folder_is_asked_before_keras(tmp_path: Path) -> None:
    backbone = load_backbone("ResNet50")
    assert find_weights(backbone, "imagenet", tmp_path) is None
    file = tmp_path / "resnet50_pruned.weights.h5"
    file.touch()
    assert find_weights(backbone, "imagenet", tmp_path) == file


@pytest.mark.parametrize(
    ("name", "weights", "variant", "licence"),
    [
        ("MobileNetEdgeTPU", "imagenet", "", "Apache-2.0"),
        ("MobileNetV2", "imagenet", "", "Apache-2.0"),  # the same by file and by download
        ("MobileNetV2", "imagenet", "keras", "Apache-2.0"),
        ("InceptionV3Mixed8", "imagenet", "inception_v3_mixed8.weights.h5", "MIT"),
        ("ResNet50", "imagenet", "resnet50_pruned.weights.h5", "MIT"),
        ("ResNet50", "/a/place/resnet50_pruned.weights.h5", "", "MIT"),
        ("ResNet50", "imagenet", "", "see the origin of imagenet"),  # file or download?
        ("ResNet50", "imagenet", "keras", "see the origin of imagenet"),
        ("SmallCNN", "/a/place/mine.h5", "mine.h5", "see the origin of mine.h5"),
        ("SmallCNN", "none", "", "none: started at random"),
    ],
)
def test_the_licence_is_stated_only_where_it_is_known(
    name: str, weights: str, variant: str, licence: str
) -> None:
    assert licence_of_weights(load_backbone(name), weights, variant) == licence


def test_truncated_file(saved: tuple[keras.Model, Path]) -> None:
    _, file = saved
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    expected = (
        r"^The starting weights of SmallCNN must be a whole file saved from this network; "
        r"'.*mine\.weights\.h5' cannot be used: .*truncated file.*\. Give another file, set "
        r"CANCERAPY_WEIGHTS, or choose --weights none\.$"
    )
    with pytest.raises(DataError, match=expected) as caught:
        start_backbone(load_backbone("SmallCNN"), SHAPE, str(file), None)
    assert caught.value.code == "weights_unusable"


def test_text_as_weights(tmp_path: Path) -> None:
    for name in ("a.weights.h5", "b.h5", "c.npz", "d.txt"):
        file = tmp_path / name
        file.write_text("these are no weights at all\n" * 100)
        with pytest.raises(DataError, match=f"{name}' cannot be used: "):
            start_backbone(load_backbone("SmallCNN"), SHAPE, str(file), None)


def test_file_of_another_network(tmp_path: Path) -> None:
    inputs = keras.layers.Input(SHAPE)
    x = keras.layers.Conv2D(16, 3, use_bias=False)(inputs)
    file = tmp_path / "other.weights.h5"
    keras.Model(inputs, keras.layers.BatchNormalization()(x)).save_weights(file)
    # One kernel of 3 x 3 x 3 x 16 and four vectors of 16 fit the first block.
    expected = "it holds 5 arrays where this network has 20, and 5 of them fit"
    with pytest.raises(DataError, match=expected):
        start_backbone(load_backbone("SmallCNN"), SHAPE, str(file), None)


def test_file_of_a_deeper_network(saved: tuple[keras.Model, Path], tmp_path: Path) -> None:
    model, _ = saved
    x = keras.layers.Conv2D(8, 1, name="more")(model.output)
    file = tmp_path / "deeper.weights.h5"
    keras.Model(model.input, x).save_weights(file)
    with pytest.raises(DataError, match="it holds 22 arrays where this network has 20, and 20"):
        start_backbone(load_backbone("SmallCNN"), SHAPE, str(file), None)


def test_quantised_arrays(tmp_path: Path) -> None:
    kernel = np.arange(432).reshape(3, 3, 3, 16) % 255 - 127
    scale = np.linspace(0.01, 0.02, 16).astype(np.float32)
    file = tmp_path / "few.npz"
    np.savez(
        file,
        **{
            "block_1_conv/kernel": kernel.astype(np.int8),
            "block_1_conv/kernel:scale": scale,
            "block_1_bn/beta": np.full(16, 0.5, np.float16),
        },
    )
    started = start_backbone(load_backbone("SmallCNN"), SHAPE, str(file), None)
    block = started.model.get_layer("block_1_conv"), started.model.get_layer("block_1_bn")
    np.testing.assert_allclose(np.asarray(block[0].kernel), kernel * scale, rtol=1e-6)
    np.testing.assert_array_equal(np.asarray(block[1].beta), np.full(16, 0.5))
    assert "block_2_conv" in started.random_layers
    assert not started.random_layers & {"block_1_conv", "block_1_bn"}


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"conv9/kernel": np.zeros(3)}, "1 of its 1 arrays have no place in this network"),
        ({}, "0 of its 0 arrays have no place in this network"),
        ({"block_1_bn/beta": np.zeros(3)}, "shape"),
    ],
)
def test_arrays_of_another_network(
    tmp_path: Path, arrays: dict[str, np.ndarray], reason: str
) -> None:
    file = tmp_path / "few.npz"
    np.savez(file, **arrays)
    with pytest.raises(DataError, match=reason):
        start_backbone(load_backbone("SmallCNN"), SHAPE, str(file), None)


def test_download_by_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    real = keras.applications.MobileNet

    def fetch(*, weights: str | None, **options: object) -> keras.Model:
        model = real(weights=None, **options)
        if weights == "imagenet":
            model.set_weights([np.full(w.shape, 0.25) for w in model.get_weights()])
        return model

    monkeypatch.setattr(keras.applications, "MobileNet", fetch)
    started = start_backbone(load_backbone("MobileNet"), SHAPE, "imagenet", None)
    assert all((weight == 0.25).all() for weight in started.model.get_weights())
    assert started.variant == DOWNLOADED
    assert started.random_layers == frozenset()


def test_failed_download(monkeypatch: pytest.MonkeyPatch) -> None:
    real = keras.applications.MobileNet

    def fetch(*, weights: str | None, **options: object) -> keras.Model:
        if weights == "imagenet":
            raise Exception("URL fetch failure on somewhere\nmore lines")
        return real(weights=None, **options)

    monkeypatch.setattr(keras.applications, "MobileNet", fetch)
    expected = "the download of keras.applications cannot be used: URL fetch failure on somewhere. "
    with pytest.raises(DataError, match=expected):
        start_backbone(load_backbone("MobileNet"), SHAPE, "imagenet", None)
