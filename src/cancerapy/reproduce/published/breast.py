"""Published values on mammograms: malignancy and density."""

from cancerapy.reproduce.published._spec import Chapter, Checked, Leaking, Own, Published

_MASSES = Own("breast", "grouped-5", ("macro_auc",))
_POINT = Own("breast", "grouped-5", ("point_sensitivity", "point_specificity"))
_INBREAST = Own("breast", "external-inbreast", ("macro_auc",))
_NORMAL = Own("breast", "external-inbreast-bi_rads-1-2", ("point_specificity",))
_COPIES = Own("breast", "random-5-LEAKING", ("accuracy",))
_EIGHT_COPIES = Own("breast-density", "random-5-LEAKING", ("accuracy",))
_EIGHT = Own("breast-density", "grouped-5", ("accuracy",))
_DENSITY = Own("breast/density", "grouped-5", ("accuracy",))
_OTHER_IMAGES = (
    "Exactly: theirs has masses and calcifications in larger pictures, ours masses only, at 512 "
    "px, and by cross-validation of the official training part."
)

_MALIGNANCY = (
    Published(
        who="Shen et al. 2019",
        task="breast",
        figure="AUC per image 0.88; mean of four models 0.91",
        protocol="CBIS-DDSM, own split; a classifier of lesion crops is grown to whole images",
        split="by patient",
        leaking=Leaking.NO,
        source="doi:10.1038/s41598-019-48995-4",
        checked=Checked.READ,
        how=(
            "The figures stand in the abstract; that the split is their own, by patient, is from "
            "memory."
        ),
        ours=(_MASSES,),
        comparable="The single model and AUC per image: the nearest published value to ours.",
        not_comparable=_OTHER_IMAGES,
    ),
    Published(
        who="Petrini et al. 2021, official split",
        task="breast",
        figure="AUC 0.848",
        protocol="CBIS-DDSM, official test part; EfficientNet, two views together",
        split="by patient",
        leaking=Leaking.NO,
        source="arXiv:2110.01606",
        checked=Checked.READ,
        how="Read in the abstract; that the official split is by patient is from memory.",
        ours=(_MASSES,),
        comparable="The order of magnitude: the highest they knew of on the official split.",
        not_comparable=f"{_OTHER_IMAGES} Two views see more than one.",
    ),
    Published(
        who="Petrini et al. 2021, five folds",
        task="breast",
        figure="AUC 0.934",
        protocol="CBIS-DDSM, their own five folds, the same network",
        split="not read",
        leaking=Leaking.UNKNOWN,
        source="arXiv:2110.01606",
        checked=Checked.READ,
        how="Read in the abstract, which does not say how the folds were made.",
        comparable="Nothing but this: one network differs by 0.09 between two ways of splitting.",
        not_comparable="The figure, before its folds are known.",
    ),
    Published(
        who="Several, unnamed",
        task="breast",
        figure="AUC 0.75 to 0.88",
        protocol="CBIS-DDSM, official test part",
        split="by patient",
        leaking=Leaking.NO,
        source="issue 3 of this project",
        checked=Checked.QUOTED,
        how="Issue 3 names no sources.",
        ours=(_MASSES,),
        comparable="The order of magnitude.",
        not_comparable=_OTHER_IMAGES,
    ),
    Published(
        who="Ribli et al. 2018",
        task="breast",
        figure="AUC 0.95",
        protocol="INbreast as external test; detector trained on DDSM and on private images",
        split="separate test set",
        leaking=Leaking.NO,
        source="doi:10.1038/s41598-018-22437-z",
        checked=Checked.READ,
        how="The figure stands in the abstract; training data and DOI are from memory.",
        ours=(_INBREAST,),
        comparable="The test set, which ours has not seen either.",
        not_comparable=(
            "Exactly: theirs saw digital mammograms of another clinic in training and may count "
            "by breast; ours only digitised film, and counts by image."
        ),
    ),
    Published(
        who="Shen et al. 2019, INbreast",
        task="breast",
        figure="AUC per image 0.95; mean of four models 0.98",
        protocol="INbreast, after fine-tuning on another part of INbreast",
        split="by patient",
        leaking=Leaking.NO,
        source="doi:10.1038/s41598-019-48995-4",
        checked=Checked.READ,
        how="Figures and fine-tuning stand in the abstract; the split is from memory.",
        ours=(_INBREAST,),
        comparable="Nothing but the distance: what training images of the same clinic are worth.",
        not_comparable="Ours is an external test: no image of INbreast was in its training.",
    ),
    Published(
        who="A paper of 2025 (IIETA)",
        task="breast",
        figure="accuracy 99.8 %, AUC 1.0",
        protocol="INbreast with augmentation, an ensemble of CNNs",
        split="not read",
        leaking=Leaking.UNKNOWN,
        source="https://www.iieta.org/node/21220",
        checked=Checked.READ,
        how="Read in the abstract, which does not say what was split, and when.",
        ours=(_COPIES,),
        comparable="At most with a split of augmented copies, which gives figures like this one.",
        not_comparable="Any honest figure, before its split is known.",
    ),
    Published(
        who="The 2022 report, two classes",
        task="breast",
        figure="accuracy 80 % in test, 83 % after fine-tuning",
        protocol="an unnamed set of 646 mammograms, MobileNetV2",
        split="not said",
        leaking=Leaking.UNKNOWN,
        source="technical report 2022, section 4.2.1",
        checked=Checked.READ,
        how="Read in the report; 510 images to train and 136 to test.",
        comparable="Nothing: the data set is not named.",
        not_comparable="The figure. [The report, repeated](reproduction.md) has its own recipe.",
    ),
    Published(
        who="Lehman et al. 2017, US radiologists",
        task="breast",
        figure="sensitivity 86.9 % (86.3 to 87.6), specificity 88.9 % (88.8 to 88.9)",
        protocol="1,682,504 screening examinations of 792,808 women, 359 radiologists",
        split="no split",
        leaking=Leaking.NO,
        source="doi:10.1148/radiol.2016161174",
        checked=Checked.READ,
        how="Read in the abstract.",
        ours=(_POINT, _NORMAL),
        comparable="What a second reader has to be measured by: both figures at one threshold.",
        not_comparable=(
            "The figures: screening finds 5.1 cancers in 1,000, nearly all women are healthy, and "
            "a radiologist sees four views and earlier examinations. Half of our images are "
            "malignant and all show a mass, which is harder for specificity; on the normal and "
            "benign images of INbreast (BI-RADS 1-2) our threshold is one that was set on film. An "
            "accuracy over eight classes, which the report puts beside this sensitivity, is "
            "another thing."
        ),
    ),
)

_OF_DENSITY = (
    Published(
        who="The 2022 report, eight classes",
        task="breast-density",
        figure="accuracy 85 % in test",
        protocol="about 7,800 rotated and flipped copies of 106 INbreast images, ResNet101",
        split="by copy",
        leaking=Leaking.YES,
        source="technical report 2022, section 4.2.1",
        checked=Checked.READ,
        how=(
            "Read in the report. The split is not said; but one of the eight classes is copies of "
            "a single mammogram and cannot be both trained and tested without a leak."
        ),
        ours=(_EIGHT_COPIES, _EIGHT),
        comparable="Our random folds of the same copies.",
        not_comparable="Our figure with patients kept apart, on CBIS-DDSM: that is the honest one.",
    ),
    Published(
        who="Spayne et al. 2012, one radiologist twice",
        task="breast-density",
        figure="agreement 77.2 % (74.5 to 79.5), kappa 0.58",
        protocol="BI-RADS density of 11,755 women on film, read again 3 to 24 months later",
        split="no split",
        leaking=Leaking.NO,
        source="doi:10.1111/j.1524-4741.2012.01250.x",
        checked=Checked.READ,
        how="Read in the abstract.",
        ours=(_DENSITY,),
        comparable=(
            "As a ceiling: the labels of CBIS-DDSM are such readings of film, and an accuracy far "
            "above this agreement would be a surprise."
        ),
        not_comparable=(
            "Exactly: other women with other shares of the classes, and some breasts did change."
        ),
    ),
    Published(
        who="Ooms et al. 2007, four radiologists",
        task="breast-density",
        figure="weighted kappa 0.77 (0.69 to 0.85), by pair 0.65 to 0.84",
        protocol="BI-RADS density of 57 mammograms, after instruction",
        split="no split",
        leaking=Leaking.NO,
        source="doi:10.1016/j.breast.2007.04.007",
        checked=Checked.READ,
        how="Read in the abstract.",
        comparable="Nothing as yet: no kappa is among our metrics.",
        not_comparable="A kappa with an accuracy.",
    ),
    Published(
        who="Sprague et al. 2016, 83 radiologists",
        task="breast-density",
        figure="17.2 % called dense by one and not dense by the other",
        protocol="34,271 women with two mammograms in a row, read by two radiologists",
        split="no split",
        leaking=Leaking.NO,
        source="doi:10.7326/M15-2934",
        checked=Checked.READ,
        how="Read in the abstract. It has no kappa.",
        ours=(_DENSITY,),
        comparable="As a ceiling for the coarser question, dense (3 and 4) or not.",
        not_comparable=(
            "The figure: ours is over four classes. A radiologist called 6.3 % to 84.5 % of her "
            "mammograms dense, so that the label depends on who gave it."
        ),
    ),
)

CHAPTER = Chapter(
    values=(*_MALIGNANCY, *_OF_DENSITY),
    left_out=(
        "Papers on the 7,632 INbreast copies: none was found whose figure and split could be read.",
        "A kappa from Sprague et al. 2016: the abstract gives discordance only.",
    ),
)
