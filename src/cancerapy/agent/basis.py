"""What a decision is worked out from beside images and answers, as one digest."""

import hashlib
import json
from dataclasses import asdict

from cancerapy.cancers import Cancer, load_evidence


def digest_basis(cancer: Cancer) -> str:
    """Return the SHA-256 over costs, rules and evidence of a cancer, with their sources.

    Two decisions with the same digest, made by the same version of the package from the same
    images, answers and prevalence, are the same.

    Args:
        cancer: The cancer.

    Raises:
        DataError: Its evidence cannot be read.
    """
    said = {
        "costs": asdict(cancer.costs),
        "evidence": asdict(load_evidence(cancer)),
        "questions": [asdict(question) for question in cancer.questions],
        "hides_in": dict(cancer.hides_in),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
