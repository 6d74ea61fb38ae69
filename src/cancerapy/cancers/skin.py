"""Skin: dermatoscopic images of pigmented lesions, the seven classes of HAM10000."""

from cancerapy.cancers._costs import ErrorCosts
from cancerapy.cancers._question import Question
from cancerapy.cancers._spec import (
    Aspect,
    Cancer,
    ClassLabel,
    Factor,
    InputSpec,
    Modality,
    Network,
    Reference,
    Source,
    Task,
)
from cancerapy.layouts import ham10000

_CLASSES = {
    label.id: label
    for label in (
        ClassLabel(
            "akiec",
            "Actinic keratosis or Bowen's disease",
            "A rough patch from sun damage that can turn into skin cancer.",
            {"diagnosis": "akiec"},
            malignant=True,
            codes={"ICD-10": "L57.0"},
        ),
        ClassLabel(
            "bcc",
            "Basal cell carcinoma",
            "A common skin cancer that grows slowly and rarely spreads.",
            {"diagnosis": "bcc"},
            malignant=True,
            codes={"ICD-10": "C44"},
        ),
        ClassLabel(
            "bkl",
            "Benign keratosis",
            "A harmless warty or flat spot: seborrhoeic keratosis, sun spot or lichen planus-like.",
            {"diagnosis": "bkl"},
            malignant=False,
            codes={"ICD-10": "L82"},
        ),
        ClassLabel(
            "df",
            "Dermatofibroma",
            "A harmless firm knot in the skin.",
            {"diagnosis": "df"},
            malignant=False,
            codes={"ICD-10": "D23"},
        ),
        ClassLabel(
            "mel",
            "Melanoma",
            "A dangerous skin cancer that can spread; found early it can be cured.",
            {"diagnosis": "mel"},
            malignant=True,
            codes={"ICD-10": "C43", "SCT": "372244006"},
        ),
        ClassLabel(
            "nv",
            "Melanocytic nevi",
            "An ordinary mole.",
            {"diagnosis": "nv"},
            malignant=False,
            codes={"ICD-10": "D22"},
        ),
        ClassLabel(
            "vasc",
            "Vascular lesion",
            "A harmless spot of blood vessels, such as an angioma.",
            {"diagnosis": "vasc"},
            malignant=False,
            codes={"ICD-10": "D18.0"},
        ),
    )
}

CANCER = Cancer(
    id="skin",
    title="Skin cancer",
    modality=Modality.DERMATOSCOPY,
    description=(
        "Tells apart the pigmented skin lesions of HAM10000 on images taken through a "
        "dermatoscope. Actinic keratosis and Bowen's disease count as malignant here: they are "
        "early forms of squamous cell carcinoma and need treatment."
    ),
    network=Network((Factor("diagnosis", tuple(_CLASSES)),)),
    tasks=(
        Task(
            "skin",
            "Melanoma, mole or benign keratosis",
            (_CLASSES["mel"], _CLASSES["nv"], _CLASSES["bkl"]),
        ),
        Task("skin-7", "The seven kinds of lesion of HAM10000", tuple(_CLASSES.values())),
    ),
    input=InputSpec(height=160, width=216, aspect=Aspect.CROP),
    sources=(
        Source(
            folder="ham10000",
            title="HAM10000",
            reference="doi:10.7910/DVN/DBW86T",
            licence="CC-BY-NC-4.0",
            group="lesion",
            read_samples=ham10000.read_samples,
            instructions=(
                "Download HAM10000_images_part_1.zip, HAM10000_images_part_2.zip and "
                "HAM10000_metadata from https://doi.org/10.7910/DVN/DBW86T (terms of use have to "
                "be accepted there) and unpack them into this folder."
            ),
            by_hand_because="a person has to accept the terms of use on its page",
        ),
    ),
    plan={
        "backbone": "MobileNetEdgeTPU",
        "freeze_to": "expanded_conv_8_add",
        "views": 8,
        "head_start": "logistic",
        "head_epochs": 0,
        "epochs": 12,
        "learning_rate": 3e-4,
        "optimizer": "adamw",
        "weight_decay": 0.02,
        "clip_norm": 1.0,
        "batch_size": 32,
        "sampling": "sqrt",
        "label_smoothing": 0.05,
        "mixup": 0.4,
        "ema": 0.99,
        "logit_adjustment": 1.0,
        "flips": "both",
        "inner_fraction": 0.0,
    },
    augmentation=("flip_h", "flip_v", "rotate", "zoom", "photometric"),
    questions=(
        Question("age", "How old are you?", "number", unit="years"),
        Question("sex", "What is your sex?", "choice", ("female", "male", "other")),
        Question(
            "site",
            "Where is the lesion?",
            "choice",
            (
                "abdomen",
                "acral",
                "back",
                "chest",
                "ear",
                "face",
                "foot",
                "genital",
                "hand",
                "lower extremity",
                "neck",
                "scalp",
                "trunk",
                "upper extremity",
            ),
        ),
        Question(
            "dermatoscope",
            "Was the picture taken through a dermatoscope?",
            "yes_no",
            needed="yes",
        ),
        Question("family_history", "Has a close relative had melanoma?", "yes_no"),
        Question("change", "Has the lesion grown, changed colour, bled or itched?", "yes_no"),
    ),
    costs=ErrorCosts(
        missed_malignant=1_300.0,
        false_alarm=1_198.0,
        source=(
            "Money as published in US dollars; a quality-adjusted life year counts 100,000 of them "
            "(Neumann et al. 2014, doi:10.1056/NEJMp1405158)"
        ),
        unit="US dollars",
        missed={"mel": 92_310.0},
        follow_up=50.0,
        further_test=41.0,
        test_sensitivity=0.81,
        test_specificity=0.80,
        image=5.0,
        question=1.0,
        sources={
            "missed_malignant": (
                "assumed for the cancers that rarely spread: 300 dollars, as much as Mohs surgery "
                "costs above simple removal (Wu et al. 2015, doi:10.1016/j.jaad.2015.07.021), and "
                "0.01 quality-adjusted life years of a larger scar"
            ),
            "missed:mel": (
                "0.9231 discounted life years gained by each person whose melanoma a screening "
                "finds (Freedberg et al. 1999, J Am Acad Dermatol 41:738-745). The money alone "
                "that six months of delay cost justifies 170 biopsies (Aires et al. 2016, J Drugs "
                "Dermatol 15:527-532); clinics accept 4 to 30 excisions a melanoma (Argenziano et "
                "al. 2012, doi:10.1016/j.jaad.2011.06.005)"
            ),
            "false_alarm": (
                "263.75 Australian dollars a referral (Snoswell et al. 2018, "
                "doi:10.1001/jamadermatol.2018.0855) at 0.75 US dollars; assumed: 0.01 "
                "quality-adjusted life years for worry and scar"
            ),
            "follow_up": "assumed: half a visit",
            "further_test": (
                "A dermatologist's look at the images from afar, 54.64 Australian dollars more "
                "than a letter (Snoswell et al. 2018, doi:10.1001/jamadermatol.2018.0855) at 0.75"
            ),
            "test_sensitivity": (
                "Dermoscopy judged from images, at the specificity below (Dinnes et al. 2018, "
                "doi:10.1002/14651858.CD011902.pub2)"
            ),
            "test_specificity": "The point at which Dinnes et al. 2018 give the sensitivity",
            "image": "assumed: five minutes",
            "question": "assumed: a minute",
        },
    ),
    references=(
        Reference(
            "Share of skin cancers that are misdiagnosed, as cited by the 2022 report",
            0.25,
            "technical report 2022",
        ),
    ),
    phantom="dermatoscopy",
    limits=(
        "Measured on patients of two clinics, in Austria and Australia, nearly all with light "
        "skin; not measured on dark skin (Fitzpatrick IV to VI).",
        "Only dermatoscopic images; an ordinary photograph never gets a plain answer.",
        "Other diseases of the skin than the seven classes are not known to it.",
    ),
    model_licence="CC-BY-NC-4.0",
    guidance=(
        "Take the picture through a dermatoscope pressed lightly on the skin.",
        "Put one lesion in the middle; it should fill about half of the picture.",
        "Use even light without flash reflections, and hold still until it is sharp.",
        "Remove hair, cream and make-up from the spot where you can.",
    ),
    measured_on=(
        "10,015 dermatoscopic images of 7,470 lesions of HAM10000; every lesion was judged by a "
        "network that had not seen it.",
        "The diagnosis was made under the microscope for more than half of the images, else by "
        "follow-up, agreement of experts or confocal microscopy.",
    ),
    signs=(
        "Asymmetry: one half does not look like the other.",
        "Border: ragged, notched or blurred.",
        "Colour: several shades of brown and black, or red, white or blue.",
        "Diameter: most melanomas are larger than 6 mm, the width of a pencil; some are smaller.",
        "Evolution: it changes in size, shape or colour, bleeds or itches.",
    ),
    signs_source=(
        "American Academy of Dermatology, What to look for: ABCDEs of melanoma "
        "(aad.org/public/spot-skin-cancer)"
    ),
    act_within_days={"malignant": 14, "unsure": 28},
    urgency_source=(
        "NICE guideline NG12, skin cancers: referral where dermoscopy suggests melanoma, an "
        "appointment within 2 weeks as worded until 2023; NHS England, Faster Diagnosis Standard "
        "(2023): diagnosed or ruled out within 28 days"
    ),
    advice={
        "malignant": "Show this lesion to a dermatologist within two weeks.",
        "benign": (
            "Nothing suspicious was found. Watch the lesion and see a doctor if it grows, changes "
            "colour, bleeds or itches."
        ),
        "unsure": "The image does not allow a clear answer. Let a dermatologist look at it.",
        "rejected": (
            "This image cannot be judged. Take it again through a dermatoscope, sharp, well lit, "
            "with the lesion in the middle."
        ),
    },
)
