"""Batches: repeatable to the bit, every image once, mixed by hand."""

import numpy as np
import pytest

from cancerapy.training.sources import PixelSource, Sampling, ViewSource

N = 7
LABELS = np.array([0, 0, 0, 0, 1, 1, 1])
TARGETS = np.eye(2, dtype=np.float32)[LABELS]
VIEWS = [np.arange(N, dtype=np.float16)[:, None] + 100 * view for view in range(3)]


def _sampling(**changes: object) -> Sampling:
    values = {"rows": np.arange(N), "labels": LABELS, "batch_size": 3, "seed": 5, **changes}
    return Sampling(**values)  # type: ignore[arg-type]


def test_an_epoch_has_every_image_once_in_a_new_order() -> None:
    source = ViewSource(_sampling(), TARGETS, VIEWS)
    assert len(source) == 3
    orders = []
    for epoch in range(2):
        source.begin(epoch)
        rows = np.concatenate([source[i][0][:, 0] for i in range(3)]) % 100
        assert sorted(rows) == list(range(N))
        orders.append(rows.tolist())
    assert orders[0] != orders[1]


def test_every_epoch_draws_its_views_anew_with_the_cells_of_the_view() -> None:
    cells = [np.full((N, 1, 1, 3), view, np.float16) for view in range(3)]
    source = ViewSource(_sampling(), TARGETS, VIEWS, cells)
    drawn = []
    for epoch in range(3):
        source.begin(epoch)
        for index in range(len(source)):
            inputs, outputs = source[index]
            assert inputs.dtype == np.float32
            view = inputs[:, 0] // 100
            np.testing.assert_array_equal(outputs["cam"][:, 0, 0, 0], view)
            np.testing.assert_array_equal(
                outputs["logits"], TARGETS[inputs[:, 0].astype(int) % 100]
            )
            drawn += view.tolist()
    assert set(drawn) == {0, 1, 2}


def test_a_repeated_epoch_is_the_same_to_the_bit() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (N, 8, 8, 3)).astype(np.uint8)
    batches = []
    for epochs in ([3], [0, 1, 3]):
        source = PixelSource(_sampling(mixup=0.4), TARGETS, pixels, ("flip_h", "photometric"))
        for epoch in epochs:
            source.begin(epoch)
        batches.append(source[1])
    np.testing.assert_array_equal(batches[0][0], batches[1][0])
    np.testing.assert_array_equal(batches[0][1]["logits"], batches[1][1]["logits"])


def test_pixels_stay_whole_numbers_without_mixing() -> None:
    pixels = np.arange(N * 12, dtype=np.uint8).reshape(N, 2, 2, 3)
    inputs, outputs = PixelSource(_sampling(), TARGETS, pixels)[2]
    assert inputs.dtype == np.uint8
    assert inputs.shape == (1, 2, 2, 3)
    assert set(outputs) == {"logits"}


def test_mixing_takes_the_same_share_of_inputs_and_targets() -> None:
    views = [LABELS[:, None].astype(np.float16)]
    source = ViewSource(_sampling(mixup=1.0, batch_size=7), TARGETS, views)
    inputs, outputs = source[0]
    np.testing.assert_allclose(outputs["logits"][:, 1], inputs[:, 0], atol=1e-6)
    np.testing.assert_allclose(outputs["logits"].sum(axis=1), 1, atol=1e-6)
    assert ((inputs > 0.01) & (inputs < 0.99)).any()


@pytest.mark.parametrize(("method", "n"), [("over", 8), ("under", 6)])
def test_sampling_changes_the_length_of_an_epoch(method: str, n: int) -> None:
    source = ViewSource(_sampling(method=method, batch_size=1), TARGETS, VIEWS)
    assert len(source) == n
