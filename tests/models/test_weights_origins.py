"""Where starting weights come from that nothing fetches."""

from cancerapy.models.weights_files import OWN_WEIGHTS
from cancerapy.models.weights_origins import ORIGINS, describe_file


def test_every_file_that_nothing_fetches_has_an_origin() -> None:
    assert set(ORIGINS) == {name for name in OWN_WEIGHTS.values() if name}
    for origin in ORIGINS.values():
        assert len(bytes.fromhex(origin.sha256)) == 32


def test_the_sentence() -> None:
    text = describe_file("inception_v3_mixed8.weights.h5")
    assert "weights of Inception-v3 (TensorFlow, graph of 2015), MIT; SHA-256 bba06c65" in text
    assert describe_file("another.weights.h5") == ""
