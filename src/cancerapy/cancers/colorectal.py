"""Colorectal: tissue types on H&E tiles of colorectal cancer, the eight classes of Kather 2016."""

from cancerapy.cancers._costs import ErrorCosts
from cancerapy.cancers._question import Question
from cancerapy.cancers._spec import (
    Aspect,
    Cancer,
    ClassLabel,
    Download,
    Factor,
    InputSpec,
    Modality,
    Network,
    Reference,
    Source,
    Task,
)
from cancerapy.layouts import kather2016


def _tissue(value: str, title: str, meaning: str, *, malignant: bool = False) -> ClassLabel:
    return ClassLabel(value, title, meaning, {"tissue": value}, malignant=malignant)


_CLASSES = (
    _tissue("TUMOR", "Tumour epithelium", "Cancer cells.", malignant=True),
    _tissue("STROMA", "Simple stroma", "Connective tissue around the tumour, muscle included."),
    _tissue("COMPLEX", "Complex stroma", "Connective tissue with single tumour or immune cells."),
    _tissue("LYMPHO", "Immune cells", "Clusters of lymphocytes."),
    _tissue("DEBRIS", "Debris", "Dead tissue, blood or mucus."),
    _tissue("MUCOSA", "Normal mucosa", "Healthy glands of the bowel."),
    _tissue("ADIPOSE", "Adipose tissue", "Fat."),
    _tissue("EMPTY", "Background", "Glass without tissue."),
)

CANCER = Cancer(
    id="colorectal",
    title="Colorectal cancer",
    modality=Modality.HISTOLOGY,
    description=(
        "Names the tissue on a tile of 74 x 74 micrometres cut from an H&E-stained section of "
        "colorectal cancer, scanned at 20x (0.495 micrometres per pixel)."
    ),
    network=Network((Factor("tissue", tuple(label.id for label in _CLASSES)),)),
    tasks=(Task("colorectal", "Tissue type of a tile", _CLASSES),),
    input=InputSpec(height=150, width=150, aspect=Aspect.CROP),
    sources=(
        Source(
            folder="kather2016",
            title="Collection of textures in colorectal cancer histology (Kather 2016)",
            reference="doi:10.5281/zenodo.53169",
            licence="CC-BY-4.0",
            group="slide",
            read_samples=kather2016.read_samples,
            downloads=(
                Download(
                    "https://zenodo.org/record/53169/files/"
                    "Kather_texture_2016_image_tiles_5000.zip",
                    "Kather_texture_2016_image_tiles_5000.zip",
                    # As OpenFL checks it (openfl, HistologyDataset); Zenodo shows an MD5 only.
                    "sha384:7d86abe1d04e68b77c055820c2a4c582a1d25d2983e38ab724eac75affce8b7c"
                    "b2cbf5ba68848dcfd9d84005d87d6790",
                    246_000_000,
                ),
            ),
            mpp=0.495,
        ),
    ),
    plan={
        "backbone": "MobileNetEdgeTPU",
        "freeze_to": "expanded_conv_12_add",
        "views": 12,
        "head_start": "logistic",
        "head_epochs": 0,
        "epochs": 6,
        "learning_rate": 3e-4,
        "optimizer": "adamw",
        "weight_decay": 0.02,
        "batch_size": 64,
        "label_smoothing": 0.05,
        "mixup": 0.4,
        "ema": 0.99,
        "logit_adjustment": 1.0,
        "flips": "both",
        "inner_fraction": 0.0,
    },
    augmentation=("flip_h", "flip_v", "rotate90", "zoom", "stain", "photometric"),
    questions=(
        Question("age", "How old is the patient?", "number", unit="years"),
        Question("sex", "What is the patient's sex?", "choice", ("female", "male", "other")),
        Question(
            "site",
            "Where in the bowel was the tissue taken?",
            "choice",
            (
                "caecum",
                "ascending colon",
                "transverse colon",
                "descending colon",
                "sigmoid colon",
                "rectum",
            ),
        ),
        Question("family_history", "Has a close relative had colorectal cancer?", "yes_no"),
        Question("symptoms", "Blood in the stool, weight loss or a change of habit?", "yes_no"),
    ),
    costs=ErrorCosts(
        missed_malignant=20.0,
        false_alarm=1.0,
        source=(
            "assumed: a tumour tile that is overlooked weighs as much as twenty tiles that a "
            "pathologist looks at in vain"
        ),
    ),
    references=(
        Reference(
            "Accuracy on the same tiles with texture features, ten random folds (LEAKING)",
            0.874,
            "Kather et al. 2016, doi:10.1038/srep27988",
        ),
    ),
    phantom="histology",
    limits=(
        "Trained on nine slides of one institute (Mannheim) and one scanner; other stains and "
        "scanners lower its accuracy, as the table by slide shows.",
        "It names the tissue of a tile; it does not grade or stage a tumour.",
        "DEBRIS looks different on every slide and is often taken for something else.",
    ),
    model_licence="CC-BY-4.0",
    guidance=(
        "Use a tile of a slide stained with haematoxylin and eosin, about 150 x 150 px.",
        "The scale should be about 0.5 micrometres per pixel, as a 20x scanner gives.",
        "Choose a sharp place without folds, ink or air bubbles.",
    ),
    measured_on=(
        "4,497 tiles of 150 x 150 px from nine slides of one institute (Kather 2016); every slide "
        "was judged by a network that had not seen it.",
        "The class of each tile was given by a pathologist.",
    ),
    signs=(
        "Blood in the stool, or a black stool.",
        "A change of bowel habits that lasts for weeks.",
        "Pain or cramps in the belly that keep coming back.",
        "Weight loss, weakness or anaemia without a known cause.",
        "Early cancers often make no signs: keep to the screening.",
    ),
    signs_source=(
        "NHS, Symptoms of bowel cancer (nhs.uk); on screening: US Preventive Services Task Force "
        "2021, doi:10.1001/jama.2021.6238"
    ),
    act_within_days={"malignant": 7, "unsure": 10},
    urgency_source=(
        "Royal College of Pathologists, Key performance indicators in pathology (2013): biopsies "
        "reported within 7 days, all specimens within 10"
    ),
    advice={
        "malignant": "Tumour tissue is likely on this tile. A pathologist must look at the slide.",
        "benign": (
            "No tumour tissue was recognised on this tile. One tile says nothing about the rest "
            "of the slide."
        ),
        "unsure": "The tile does not allow a clear answer. Let a pathologist look at it.",
        "rejected": (
            "This image cannot be judged. Send a sharp H&E tile at about 0.5 micrometres per pixel."
        ),
    },
)
