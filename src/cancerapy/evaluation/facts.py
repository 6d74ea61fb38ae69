"""What a data set's own tables say of each image: age, sex, site, view ..."""

from pathlib import Path

from cancerapy.cancers import Cancer
from cancerapy.errors import DataError
from cancerapy.evaluation.predictions import OutOfFold

_LEAST_SHARE = 0.5  # of the images; fewer means that it is another data set


def read_facts(
    cancer: Cancer, data_root: Path, out_of_fold: OutOfFold
) -> dict[str, dict[str, str]]:
    """Return the facts of the images, from the data set that holds them.

    Only the data set's tables are read, no picture.

    Args:
        cancer: Whose data sets are looked at.
        data_root: Root folder of the data sets.
        out_of_fold: Predictions of the images.

    Returns:
        By name of the fact its value by image path; unknown is absent. Empty if no data set of
        the cancer is there that holds the images.
    """
    wanted = set(out_of_fold.images.tolist())
    for source in cancer.sources:
        folder = data_root / source.folder
        if not folder.is_dir():
            continue
        try:
            samples = source.read_samples(folder)
        except DataError:
            continue  # an incomplete data set is the data check's business, not a table's
        found = [sample for sample in samples if sample.path in wanted]
        if len(found) < _LEAST_SHARE * len(wanted):
            continue
        facts: dict[str, dict[str, str]] = {}
        for sample in found:
            for name, value in sample.facts.items():
                facts.setdefault(name, {})[sample.path] = value
        return facts
    return {}
