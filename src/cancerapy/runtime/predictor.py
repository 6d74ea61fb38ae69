"""From the bytes of an image and a bundle to a ``Prediction``."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from cancerapy.arrays import ClassMap, Floats, Image, Probabilities
from cancerapy.bundle.schema import BundleFields, TaskFields
from cancerapy.bundle.store import Bundle
from cancerapy.cancers import Cancer, ClassLabel, Task, load_cancer
from cancerapy.contract import (
    Advice,
    ClassProbability,
    HeatMap,
    Malignancy,
    Prediction,
    Reason,
    Timings,
    Verdict,
)
from cancerapy.errors import UnknownNameError
from cancerapy.preprocess import Quality, measure_quality, prepare_image
from cancerapy.readers import ReadLimits, read_bytes, read_image
from cancerapy.runtime.gates import decide, doubt_reasons, modality_reasons, rejection_reasons
from cancerapy.runtime.heatmap import evidence_map, render_overlay, scale_evidence
from cancerapy.runtime.pool import GraphPool
from cancerapy.runtime.probabilities import softmax, task_probabilities


@dataclass(frozen=True)
class _Answer:
    """Probabilities of one task with what follows from them."""

    probabilities: Probabilities
    malignancy: Malignancy | None
    density: str | None
    conformal_set: tuple[str, ...]


class Predictor:
    """Answers all tasks of one bundle; safe to use from several threads.

    Args:
        bundle: A verified bundle.
        workers: Graphs held at most; 0 means one per two processor cores.
        limits: Limits on what is decoded.
    """

    def __init__(
        self, bundle: Bundle, *, workers: int = 0, limits: ReadLimits | None = None
    ) -> None:
        self.bundle = bundle
        self.fields: BundleFields = bundle.fields
        self.cancer: Cancer = load_cancer(bundle.fields.cancer)
        self.limits = limits or ReadLimits()
        self.pool = GraphPool(bundle.model_path, workers)
        self._tasks = {task.id: task for task in bundle.fields.tasks}

    def predict_path(self, path: Path, task_id: str, *, heatmap: bool = False) -> Prediction:
        """Answer one file; see ``predict``."""
        return self.predict(read_bytes(path, limits=self.limits), task_id, heatmap=heatmap)

    def predict(self, data: bytes, task_id: str, *, heatmap: bool = False) -> Prediction:
        """Answer one image.

        Args:
            data: The file's bytes.
            task_id: A task of this bundle's cancer.
            heatmap: Also say where the evidence for the predicted class lies.

        Raises:
            UnknownNameError: This bundle has no such task.
            ImageError: The bytes are not an image that can be read within the limits.
        """
        fields, task = self._task(task_id)
        began = perf_counter()
        image = read_image(data, limits=self.limits)
        decoded = perf_counter()
        prepared = prepare_image(image.pixels, self.fields.input)
        quality = measure_quality(prepared)
        ready = perf_counter()
        with self.pool.lend() as graph:
            outputs = graph(prepared[None])
        ended = perf_counter()
        answer = self._answer(outputs["logits"][0], task, fields)
        best = int(np.argmax(answer.probabilities))
        rejections = (
            *modality_reasons(image.facts, self.cancer.modality),
            *self._rejections(quality, outputs["embedding"][0]),
        )
        doubts = doubt_reasons(float(answer.probabilities[best]), answer.conformal_set, fields)
        verdict = decide(rejections, doubts)
        return Prediction(
            task=task.id,
            cancer=self.cancer.id,
            model=self.fields.name,
            image_sha256=hashlib.sha256(data).hexdigest(),
            classes=tuple(
                ClassProbability(label.id, label.label, float(p))
                for label, p in zip(task.classes, answer.probabilities, strict=True)
            ),
            predicted_class=task.classes[best].id,
            predicted_label=task.classes[best].label,
            confidence=100 * float(answer.probabilities[best]),
            malignancy=answer.malignancy,
            density=answer.density,
            conformal_set=answer.conformal_set,
            coverage=fields.coverage,
            verdict=verdict,
            reasons=rejections or doubts,
            advice=self._advise(verdict, answer, task.classes[best]),
            timings=_timings(began, decoded, ready, ended, perf_counter()),
            heatmap=self._heatmap(outputs["cam"][0], task, best) if heatmap else None,
        )

    def prepare(self, data: bytes) -> Image:
        """Return the picture as the network sees it, (H, W, 3) uint8 RGB."""
        return prepare_image(read_image(data, limits=self.limits).pixels, self.fields.input)

    def overlay(self, data: bytes, heatmap: HeatMap) -> bytes:
        """Return the prepared picture with ``heatmap`` drawn over it, as a PNG."""
        return render_overlay(self.prepare(data), heatmap.values)

    def _task(self, task_id: str) -> tuple[TaskFields, Task]:
        if task_id not in self._tasks:
            raise UnknownNameError.of("task", task_id, self._tasks)
        return self._tasks[task_id], self.cancer.task(task_id)

    def _answer(self, logits: Floats, task: Task, fields: TaskFields) -> _Answer:
        selects = [label.selects for label in task.classes]
        probabilities = task_probabilities(logits, self.fields.factors, selects)
        kept = tuple(
            label.id
            for label, p in zip(task.classes, probabilities, strict=True)
            if 1 - p <= fields.conformal_thresholds[label.id]
        )
        return _Answer(
            probabilities,
            _malignancy(task, fields, probabilities),
            self._density(logits),
            kept,
        )

    def _rejections(self, quality: Quality, embedding: Floats) -> tuple[Reason, ...]:
        distance = self.bundle.stats.distance(embedding)
        return rejection_reasons(quality, distance, self.fields.quality)

    def _density(self, logits: Floats) -> str | None:
        """Return the most probable value of the factor in which a finding can hide."""
        start = 0
        for factor in self.fields.factors:
            stop = start + len(factor.values)
            if factor.name in self.cancer.hides_in:
                return factor.values[int(np.argmax(softmax(logits[start:stop])))]
            start = stop
        return None

    def _advise(self, verdict: Verdict, answer: _Answer, best: ClassLabel) -> Advice:
        code = verdict.value
        if verdict is Verdict.ANSWER:
            is_called = answer.malignancy is not None and answer.malignancy.is_positive
            code = "malignant" if is_called or best.malignant else "benign"
        elif verdict is Verdict.UNSURE and answer.malignancy and answer.malignancy.is_positive:
            code = "malignant"  # in doubt, what must not be missed decides
        hiding = {value for values in self.cancer.hides_in.values() for value in values}
        if code == "benign" and answer.density in hiding:
            code = "benign_dense"
        return Advice(code, self.cancer.advice[code])

    def _heatmap(self, class_map: ClassMap, task: Task, best: int) -> HeatMap:
        selects = [label.selects for label in task.classes]
        evidence = evidence_map(class_map, self.fields.factors, selects, best)
        values = scale_evidence(evidence).round(4).tolist()
        return HeatMap(task.classes[best].id, tuple(tuple(row) for row in values))


def _malignancy(task: Task, fields: TaskFields, probabilities: Probabilities) -> Malignancy | None:
    point = fields.operating_point
    if point is None:
        return None
    malignant = [bool(label.malignant) for label in task.classes]
    probability = float(probabilities[malignant].sum())
    return Malignancy(
        probability=probability,
        operating_point=point.name,
        threshold=point.threshold,
        is_positive=probability >= point.threshold,
        sensitivity=point.sensitivity,
        specificity=point.specificity,
    )


def _timings(began: float, decoded: float, ready: float, ended: float, now: float) -> Timings:
    def ms(start: float, stop: float) -> float:
        return round(1000 * (stop - start), 3)

    return Timings(ms(began, decoded), ms(decoded, ready), ms(ready, ended), ms(began, now))
