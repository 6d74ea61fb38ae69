"""What the rows of a simulated clinic are called: what writes them and what reads them share it."""

from pathlib import Path

CHAMPION = "served"
CHALLENGER = "challenger"
DIFFERENCE = "challenger minus served"
HOLDS = "holds"
UNJUDGED = "not judged"
RECORDS = "records"
"""Models: what answered, the difference, whether a figure of the promotion holds, how many patients
one is about that could not be judged, and counts."""

UNSEEN = "clinic-"
"""Begins the protocol of the patients that neither model saw; the data set's name follows."""
FOLDS = "clinic-promotion-"
"""Likewise of the promotion's comparison, on the shipped data's fixed folds."""
OWN = "clinic-own-"
"""Likewise of its comparison on the clinic's own collected patients."""
LOOP = "clinic-records-"
"""Likewise of what happened in the clinic's records."""

MEASURED = {
    "malignancy_auc": "AUC of malignancy",
    "point_sensitivity": "sensitivity at the model's own operating point",
    "point_specificity": "specificity at that point",
    "macro_auc": "AUC, mean over classes",
    "balanced_accuracy": "balanced accuracy",
    "accuracy": "accuracy",
    "ece": "calibration error (ECE)",
    "answered_share": "plain answers",
}
"""Figures that get rows, in the order of the page, with their words."""

FOLDER = Path("learning") / "clinic"
"""Folder of the rows below the results."""


def rows_file(results: Path, cancer: str, site: str) -> Path:
    """Return the file of a clinic's rows."""
    return results / FOLDER / f"{cancer}-{site}.csv"
