"""What learns from a growing training side: classical machine learning, and networks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from cancerapy.arrays import Floats, Indices, Logits
from cancerapy.cancers import Factor
from cancerapy.data.cache import digest_of, new_array
from cancerapy.evaluation.baselines import choose_strength
from cancerapy.reproduce.texture import VERSION, colour_and_texture

if TYPE_CHECKING:
    from cancerapy.training.material import Material

SVM_STRENGTHS = (1.0, 10.0, 100.0)
"""Values of C that the training side chooses from."""

N_TREES = 50
"""Rounds of boosting, a tree a class in each."""

_RATE, _LEAVES, _LEAST_IN_LEAF, _SHARE_OF_FEATURES = 0.2, 8, 5, 0.3
_FLOOR = 1e-6


@dataclass(frozen=True, eq=False)
class Lesson:
    """What is learnt from and what is asked.

    Args:
        material: Data set and plan.
        features: (N, D) of all pictures.
        train: Rows to learn from, all of known class.
        test: Rows to answer.
    """

    material: "Material"
    features: NDArray[np.floating]
    train: Indices
    test: Indices

    @property
    def factor(self) -> Factor:
        """The main factor, which is learnt."""
        return self.material.cancer.network.factors[0]

    @property
    def labels(self) -> Indices:
        """(n,) classes of the rows to learn from."""
        return self.material.manifest.labels(self.factor.name)[self.train]


@dataclass(frozen=True, slots=True)
class Learner:
    """A way to learn.

    Args:
        name: In words.
        is_network: Whether it is deep learning.
        plan: Plan file below the folder of plans; empty: the cancer's own size and no network.
        read_features: Returns the features (N, D) of all pictures.
        answer: Learns and returns logits of the main factor, (n_test, V).
    """

    name: str
    is_network: bool
    plan: str
    read_features: Callable[["Material"], NDArray[np.floating]]
    answer: Callable[[Lesson], Logits]


def read_colour_and_texture(material: "Material") -> Floats:
    """Return colour histogram and texture of every picture, (N, 186), computed once."""
    spec = repr(material.plan.input_spec(material.cancer))
    key = digest_of(material.manifest.content_digest, spec, VERSION)
    file = material.cache_folder / "texture" / f"{material.cancer.id}-{key}.npy"
    if not file.is_file():
        values = colour_and_texture(material.pixels, material.display.step)
        with new_array(file, values.shape, np.float64) as array:
            array[:] = values
    return np.asarray(np.load(file))


def read_embedding(material: "Material") -> NDArray[np.floating]:
    """Return the pooled features of every picture under the starting weights, (N, D)."""
    return np.asarray(material.activations.embedding, np.float32)


def answer_by_svm(lesson: Lesson) -> Logits:
    """Answer by a support vector machine (RBF) of standardised features; classes weigh the same.

    C is chosen on a fifth of the training side's groups.
    """
    x, labels = lesson.features[lesson.train], lesson.labels
    groups = lesson.material.manifest.groups[lesson.train]
    seed = lesson.material.plan.seed
    strength = choose_strength(x, labels, groups, seed, strengths=SVM_STRENGTHS, fit=_fit_svm)
    scaler = StandardScaler().fit(x)
    model = _fit_svm(strength, scaler.transform(x), labels)
    scores = model.decision_function(scaler.transform(lesson.features[lesson.test]))
    if scores.ndim == 1:  # two classes: the distance from the plane, towards the second
        scores = np.stack([-scores, scores], axis=1)
    return _spread(scores, model.classes_, len(lesson.factor.values))


def answer_by_boosting(lesson: Lesson) -> Logits:
    """Answer by gradient boosting of 50 small trees a class; classes weigh the same."""
    model = HistGradientBoostingClassifier(
        max_iter=N_TREES,
        learning_rate=_RATE,
        max_features=_SHARE_OF_FEATURES,
        max_leaf_nodes=_LEAVES,
        min_samples_leaf=_LEAST_IN_LEAF,
        class_weight="balanced",
        early_stopping=False,
        random_state=lesson.material.plan.seed,
    )
    model.fit(lesson.features[lesson.train], lesson.labels)
    shares = model.predict_proba(lesson.features[lesson.test])
    return _spread(np.log(np.maximum(shares, _FLOOR)), model.classes_, len(lesson.factor.values))


def answer_by_linear(lesson: Lesson) -> Logits:
    """Answer by the linear classifier of frozen features that training starts from by the plan."""
    # Keras comes with it: listing the experiments does not wait for it.
    from cancerapy.training.head_start import feature_scaling, fit_linear

    x = np.asarray(lesson.features[lesson.train], dtype=np.float64)
    mean, scale = feature_scaling(x)
    n_values = len(lesson.factor.values)
    weights, bias = fit_linear(lesson.material.plan, 1, n_values, (x - mean) / scale, lesson.labels)
    asked = (lesson.features[lesson.test] - mean) / scale
    return np.asarray(asked @ weights.T + bias, dtype=np.float32)


def _fit_svm(strength: float, features: Floats, labels: Indices) -> SVC:
    return SVC(C=strength, class_weight="balanced").fit(features, labels)


def _spread(scores: Floats, present: Indices, n_values: int) -> Logits:
    """Put scores (n, P) of the classes learnt in their places, (n, V); others lie below all."""
    logits = np.full((len(scores), n_values), scores.min() + np.log(_FLOOR), dtype=np.float32)
    logits[:, present] = scores
    return logits


SVM = Learner("SVM on colour and texture", False, "", read_colour_and_texture, answer_by_svm)
BOOSTING = Learner(
    "boosting on colour and texture", False, "", read_colour_and_texture, answer_by_boosting
)
MOBILENET = Learner(
    "frozen MobileNetV2",
    True,
    "data-growth/mobilenet-v2.json",
    read_embedding,
    answer_by_linear,
)
EDGETPU = Learner(
    "frozen MobileNetEdgeTPU",
    True,
    "data-growth/mobilenet-edgetpu.json",
    read_embedding,
    answer_by_linear,
)
