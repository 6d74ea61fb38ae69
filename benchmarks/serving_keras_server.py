"""The report's way: Flask's own server, Pillow, and ``keras.Model.predict`` for each request.

Arguments: cancer, backbone, flips, port.
"""

import sys

import numpy as np
from flask import Flask, Response, jsonify, request
from PIL import Image
from serving_keras_bundle import build_keras

from cancerapy.cancers import load_cancer
from cancerapy.preprocess.pipeline import aspect_window

cancer = load_cancer(sys.argv[1])
model = build_keras(cancer, sys.argv[2], sys.argv[3])
app = Flask(__name__)


@app.get("/livez")
def live() -> str:
    """Tell that the server runs."""
    return "alive"


@app.post(f"/{cancer.id}")
def predict() -> Response:
    """Judge one image."""
    picture = Image.open(request.files["image"].stream).convert("RGB")
    rows, columns = aspect_window((picture.height, picture.width), cancer.input)
    box = (columns.start, rows.start, columns.stop, rows.stop)
    size = (cancer.input.width, cancer.input.height)
    pixels = np.asarray(picture.resize(size, Image.Resampling.BILINEAR, box=box))
    logits = model.predict(pixels[None], verbose=0)["logits"][0]
    values = np.exp(logits - logits.max())
    return jsonify(confidence=float(100 * values.max() / values.sum()))


app.run("127.0.0.1", int(sys.argv[4]))
