"""Draws ``docs/images/phantoms.png``: a phantom of each cancer, with the heat map where a model is.

    python tools/draw_phantoms.py

Above the phantom, below the same picture as the model sees it with its heat map; cancers without a
bundle have no second picture. Shows nobody.
"""

import io
from pathlib import Path

from PIL import Image as PillowImage

from cancerapy.cancers import Cancer, list_cancers, load_cancer
from cancerapy.phantoms import draw_phantom
from cancerapy.runtime.models import Models

TARGET = Path(__file__).parents[1] / "docs" / "images" / "phantoms.png"
CELL_PX, GAP_PX = 240, 12
Picture = PillowImage.Image


def draw(cancer: Cancer) -> bytes:
    """Return a phantom of the cancer's first malignant class in the network's shape, as PNG."""
    labels = cancer.tasks[0].classes
    value = next((label.id for label in labels if label.malignant), labels[0].id)
    scale = 2 * CELL_PX / max(cancer.input.height, cancer.input.width)
    picture = draw_phantom(
        cancer.phantom,
        seed=0,
        height=round(cancer.input.height * scale),
        width=round(cancer.input.width * scale),
        value=value,
    )
    stream = io.BytesIO()
    PillowImage.fromarray(picture).save(stream, format="PNG")
    return stream.getvalue()


def with_heat_map(cancer: Cancer, models: Models, data: bytes) -> bytes | None:
    """Return the picture as the model sees it with its heat map; ``None`` without a bundle."""
    if cancer.id not in models.fields():
        return None
    task = cancer.tasks[0].id
    predictor = models.predictor(task)
    prediction = predictor.predict(data, task, heatmap=True)
    return predictor.overlay(data, prediction.heatmap) if prediction.heatmap else None


def build_figure(models: Models) -> Picture:
    """Return the figure: a column per cancer."""
    columns = []
    for cancer in map(load_cancer, list_cancers()):
        data = draw(cancer)
        columns.append([data, with_heat_map(cancer, models, data)])
    n_rows = 2 if any(below for _, below in columns) else 1
    step = CELL_PX + GAP_PX
    size = (len(columns) * step - GAP_PX, n_rows * step - GAP_PX)
    figure = PillowImage.new("RGB", size, "white")
    for column, pictures in enumerate(columns):
        for row, content in enumerate(pictures):
            if content is not None:
                cell = _fitted(content)
                left = column * step + (CELL_PX - cell.width) // 2
                figure.paste(cell, (left, row * step + (CELL_PX - cell.height) // 2))
    return figure


def _fitted(content: bytes) -> Picture:
    picture = PillowImage.open(io.BytesIO(content)).convert("RGB")
    share = CELL_PX / max(picture.size)
    size = (round(picture.width * share), round(picture.height * share))
    return picture.resize(size, PillowImage.Resampling.LANCZOS)


def main() -> None:
    """Write the figure."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    build_figure(Models(workers=1)).save(TARGET, optimize=True)


if __name__ == "__main__":
    main()
