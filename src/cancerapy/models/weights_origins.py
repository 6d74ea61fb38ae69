"""Where the weights come from that neither this project nor Keras fetches, without Keras."""

from typing import NamedTuple


class WeightsOrigin(NamedTuple):
    """What a file of starting weights was made from.

    Args:
        model: The published model, with its address.
        licence: SPDX identifier.
        sha256: Digest of the file that this project's models were started from.
    """

    model: str
    licence: str
    sha256: str


ORIGINS = {
    "inception_v3_mixed8.weights.h5": WeightsOrigin(
        "Inception-v3 (TensorFlow, graph of 2015)",
        "MIT",
        "bba06c65a599e5ecca502973f1ec1bb837c015f3b7a5401478a003a5d98e5731",
    ),
    "mobilenet_edgetpu_1.0.weights.h5": WeightsOrigin(
        "MobileNet-EdgeTPU 1.0 (MLPerf mobile, https://github.com/mlcommons/mobile_models)",
        "Apache-2.0",
        "ad83ceb1546cfc5dc54136ef561a19656e8d91607619ab49b828cb10bb99a68d",
    ),
}
"""Origin by the file's name."""


def describe_file(name: str) -> str:
    """Return what a weights file holds, in one sentence; empty if it is not known.

    Args:
        name: Name of the file.
    """
    if name not in ORIGINS:
        return ""
    origin = ORIGINS[name]
    return (
        "The file is what Keras' save_weights writes of this network without its top, with the "
        f"weights of {origin.model}, {origin.licence}; SHA-256 {origin.sha256}."
    )
