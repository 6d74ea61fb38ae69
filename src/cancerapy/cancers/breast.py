"""Breast: mammograms, benign or malignant, alone and joined with density."""

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
    Pooling,
    Reference,
    Source,
    Task,
)
from cancerapy.layouts import cbis_ddsm, inbreast, inbreast_copies

_DENSITIES = {
    "1": "almost entirely fatty",
    "2": "scattered fibroglandular tissue",
    "3": "heterogeneously dense",
    "4": "extremely dense",
}

_BINARY = (
    ClassLabel(
        "benign",
        "Benign",
        "Nothing on the image looks like cancer.",
        {"malignancy": "benign"},
        malignant=False,
    ),
    ClassLabel(
        "malignant",
        "Malignant",
        "Something on the image looks like cancer.",
        {"malignancy": "malignant"},
        malignant=True,
        codes={"ICD-10": "C50"},
    ),
)

_JOINT = tuple(
    ClassLabel(
        f"Density{density}{finding.title}",
        f"{finding.title}, density {density}",
        f"{finding.meaning} The breast is {words}.",
        {"malignancy": finding.id, "density": density},
        malignant=finding.malignant,
        codes=finding.codes,
    )
    for density, words in _DENSITIES.items()
    for finding in _BINARY
)

CANCER = Cancer(
    id="breast",
    title="Breast cancer",
    modality=Modality.MAMMOGRAPHY,
    description=(
        "Looks at one mammogram (either view of either breast) for a malignant mass and grades "
        "the density of the breast from 1 to 4."
    ),
    network=Network(
        (
            Factor("malignancy", ("benign", "malignant"), Pooling.MEAN),
            Factor("density", tuple(_DENSITIES), Pooling.MEAN),
        )
    ),
    tasks=(
        Task("breast", "Benign or malignant", _BINARY),
        Task("breast-density", "Benign or malignant by density 1 to 4", _JOINT),
    ),
    input=InputSpec(height=512, width=512, aspect=Aspect.STRETCH),
    sources=(
        Source(
            folder="cbis_ddsm",
            title="CBIS-DDSM, mass cases",
            reference="doi:10.7937/K9/TCIA.2016.7O02S9CY",
            licence="CC-BY-3.0",
            group="patient",
            read_samples=cbis_ddsm.read_samples,
            instructions=(
                "Fetch the collection CBIS-DDSM with the NBIA Data Retriever from "
                "https://doi.org/10.7937/K9/TCIA.2016.7O02S9CY together with "
                "mass_case_description_train_set.csv, and put both into this folder."
            ),
            by_hand_because="it is free, but its archive gives it to a program of its own",
        ),
        Source(
            folder="inbreast",
            title="INbreast",
            reference="doi:10.1016/j.acra.2011.09.014",
            licence="research use only, cite Moreira et al. 2012",
            group="patient",
            read_samples=inbreast.read_samples,
            instructions=(
                "Ask the authors of INbreast for the data set (Moreira et al. 2012) and unpack "
                "it into this folder, with INbreast.xls or INbreast.csv and AllDICOMs."
            ),
            by_hand_because="its owners give it to those who ask them",
            external=True,
            normal=(("bi_rads", ("1", "2")),),
            labels_are=(
                "Malignant means BI-RADS 4 to 6 there, what a radiologist thought, not a biopsy."
            ),
        ),
        Source(
            folder="inbreast_copies",
            title="Rotated and flipped copies of INbreast's mass images (for LEAKING comparisons)",
            reference="doi:10.17632/x7bvzv6cvr",
            licence="research use only, cite Moreira et al. 2012",
            group="patient",
            read_samples=inbreast_copies.read_samples,
            instructions=(
                "Make the copies from INbreast itself with 'cancerapy data make-copies', or "
                "unpack the published ones (Density1Benign ... Density4Malignant) into this "
                "folder. They only serve to repeat publications: a random split of copies leaks."
            ),
            by_hand_because="it is made of another data set",
            external=True,
            copies_of="inbreast",
        ),
    ),
    # Logistic regression on frozen features, plain and mirrored, of layers in the middle of the
    # network: texture tells more here than objects do. See results/negative.md for what else was
    # tried, cropping to the breast and stretching the contrast among it.
    plan={
        "backbone": "MobileNetEdgeTPU",
        "read_layers": tuple(f"expanded_conv_{n}_add" for n in (4, 8, 10, 12, 14, 16)),
        "freeze_to": "hypercolumn",
        "views": 2,
        "head_start": "logistic",
        "head_epochs": 0,
        "epochs": 0,
        "inner_fraction": 0.0,
        "flips": "horizontal",
    },
    augmentation=("flip_h", "tilt", "zoom", "gamma"),
    questions=(
        Question("age", "How old are you?", "number", unit="years"),
        Question("sex", "What is your sex?", "choice", ("female", "male", "other")),
        Question("family_history", "Has a close relative had breast cancer?", "yes_no"),
        Question("lump", "Have you felt a lump?", "yes_no"),
        Question("discharge", "Is there discharge or a change of the nipple or skin?", "yes_no"),
    ),
    costs=ErrorCosts(
        missed_malignant=117_000.0,
        false_alarm=6_652.0,
        source=(
            "Money as published in US dollars; a quality-adjusted life year counts 100,000 of them "
            "(Neumann et al. 2014, doi:10.1056/NEJMp1405158)"
        ),
        unit="US dollars",
        follow_up=484.0,
        further_test=132.0,
        test_sensitivity=0.523,
        test_specificity=0.893,
        image=96.0,
        question=1.0,
        sources={
            "missed_malignant": (
                "Each four weeks until surgery multiply mortality by 1.08, with 12 % of patients "
                "dying without delay (Hanna et al. 2020, doi:10.1136/bmj.m4087); assumed: found "
                "at a follow-up six months later, and 15 quality-adjusted life years lost a death: "
                "0.12 x (1.08 ** 6.5 - 1) x 15 = 1.17 years"
            ),
            "false_alarm": (
                "852 dollars a false-positive mammogram (Ong and Mandl 2015, "
                "doi:10.1377/hlthaff.2014.1087) and 0.058 quality-adjusted life years where a "
                "biopsy is made (Matza et al. 2024, doi:10.1007/s41669-023-00443-w)"
            ),
            "follow_up": (
                "Two years of mammograms after a probably benign finding, Medicare 2018 to 2019 "
                "(Ong et al. 2020, doi:10.1093/jbi/wbaa087)"
            ),
            "further_test": (
                "Mean payment for a breast ultrasound (Vlahiotis et al. 2018, "
                "doi:10.2147/CEOR.S150260, as reported by AuntMinnie)"
            ),
            "test_sensitivity": (
                "Ultrasound of dense breasts: 58 of 111 cancers (Berg et al. 2016, "
                "doi:10.1093/jnci/djv367); of a lump that can be felt it finds more"
            ),
            "test_specificity": (
                "Recalls after ultrasound in later rounds, 10.7 % (Berg et al. 2016, "
                "doi:10.1093/jnci/djv367), all but a few of them without cancer"
            ),
            "image": ("A diagnostic mammogram, Medicare 2009 (doi:10.1093/jnci/dju159, table 2)"),
            "question": "assumed: a minute of a member of staff",
        },
    ),
    references=(
        Reference(
            "Sensitivity of US screening mammography",
            0.869,
            "Lehman et al. 2017, doi:10.1148/radiol.2016161174",
        ),
    ),
    phantom="mammogram",
    limits=(
        "Trained on digitised film of patients with a mass (CBIS-DDSM); digital mammograms look "
        "different, see the external test on INbreast.",
        "Calcifications and distortions without a mass were not in the training data.",
        "One image is judged at a time; earlier examinations are not compared.",
    ),
    model_licence="CC-BY-3.0",
    guidance=(
        "Use one complete mammogram view as exported from the archive: DICOM, PNG or JPEG.",
        "Do not photograph a screen or a film; colours and reflections mislead the model.",
        "Leave the picture as it is: no crop, no marks, no other brightness.",
    ),
    hides_in={"density": ("3", "4")},  # BI-RADS c and d
    measured_on=(
        "Digitised film mammograms of patients with a mass (CBIS-DDSM); every patient was judged "
        "by a network that had not seen any of her images.",
        "Benign or malignant was settled by biopsy or by follow-up.",
    ),
    signs=(
        "A new lump in the breast or the armpit.",
        "A change in the size or the shape of one breast.",
        "Skin that dimples, thickens, reddens or looks like orange peel.",
        "A nipple that turns inward, or a discharge from it, above all a bloody one.",
        "A mammogram can show a cancer before there is any sign: keep to the screening.",
    ),
    signs_source=(
        "NHS, Symptoms of breast cancer in women (nhs.uk); on screening: European Society of "
        "Breast Imaging 2017, doi:10.1007/s00330-016-4612-z"
    ),
    # Dense tissue alone does not press: EUSOBI 2022 (doi:10.1007/s00330-022-08617-6) advises
    # women with extremely dense breasts to have MRI every two to four years.
    act_within_days={"malignant": 14, "unsure": 28},
    urgency_source=(
        "ACR BI-RADS: a suspicious finding (category 4 or 5) needs a tissue diagnosis; NICE "
        "guideline NG12, breast cancer: an appointment within 2 weeks as worded until 2023; NHS "
        "England, Faster Diagnosis Standard (2023): diagnosed or ruled out within 28 days"
    ),
    advice={
        "malignant": "See a breast clinic within two weeks for further imaging or a biopsy.",
        "benign": "Nothing suspicious was found. Keep to the regular screening.",
        "benign_dense": (
            "Nothing suspicious was found, but dense tissue can hide a cancer: ask for an "
            "ultrasound or another further test."
        ),
        "unsure": "The image does not allow a clear answer. Let a radiologist read it.",
        "rejected": (
            "This image cannot be judged. Send one complete mammogram view as exported from the "
            "archive (DICOM, PNG or JPEG)."
        ),
    },
)
