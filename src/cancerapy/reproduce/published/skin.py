"""Published values on HAM10000 and the challenge that was held with it."""

from cancerapy.reproduce.published._spec import Chapter, Checked, Leaking, Own, Published

_SEVEN = Own("skin-7", "grouped-5", ("accuracy", "balanced_accuracy"))
_THREE = Own("skin", "grouped-5", ("accuracy", "balanced_accuracy"))
_TEST = "HAM10000 in training, the challenge's own 1,511 images in test"

CHAPTER = Chapter(
    values=(
        Published(
            who="ISIC 2018 Task 3, first place",
            task="skin-7",
            figure="balanced accuracy 88.5 %",
            protocol=f"{_TEST}; an ensemble trained on further, private images as well",
            split="separate test set",
            leaking=Leaking.NO,
            source="Codella et al. 2019, arXiv:1902.03368",
            checked=Checked.MEMORY,
            how="The abstract was read and has no figure; the leaderboard's is from memory.",
            ours=(_SEVEN,),
            comparable="The seven classes and the metric.",
            not_comparable=(
                "The images: ours are out-of-fold answers on the training images. The winner is "
                "an ensemble with external data; ours is two networks in a file of 12 MB at most."
            ),
        ),
        Published(
            who="Gessert et al. 2018, second place",
            task="skin-7",
            figure="balanced accuracy 85.6 %",
            protocol=f"{_TEST}; an ensemble of large networks on public data only",
            split="separate test set",
            leaking=Leaking.NO,
            source="arXiv:1808.01694",
            checked=Checked.MEMORY,
            how=(
                "The abstract was read: second place and the best with public data only. The "
                "figure is from memory."
            ),
            ours=(_SEVEN,),
            comparable="The seven classes and the metric.",
            not_comparable="The test images; many crops of many networks against one network.",
        ),
        Published(
            who="Tschandl et al. 2019, 511 human readers",
            task="skin-7",
            figure="all algorithms 2.01 (1.97 to 2.04) more right of 30 than all readers",
            protocol="batches of 30 images drawn from the same 1,511; 283 readers dermatologists",
            split="separate test set",
            leaking=Leaking.NO,
            source="doi:10.1016/S1470-2045(19)30333-X",
            checked=Checked.READ,
            how="Read in the abstract.",
            comparable="Nothing directly: the network here has not answered these batches.",
            not_comparable=(
                "Accuracy: images and the share of the classes in a batch differ from ours."
            ),
        ),
        Published(
            who="Tschandl et al. 2019, experts of more than ten years",
            task="skin-7",
            figure="18.8 right of 30, the three best algorithms 25.4",
            protocol="as above",
            split="separate test set",
            leaking=Leaking.NO,
            source="doi:10.1016/S1470-2045(19)30333-X",
            checked=Checked.MEMORY,
            how="This part of the abstract could not be read; from memory.",
            ours=(_SEVEN,),
            comparable="The distance between experts and networks: it is large on still pictures.",
            not_comparable=(
                "The share of right answers, for the same reason. The readers saw one picture, "
                "without the patient or a second look: that is no picture of clinical work."
            ),
        ),
        Published(
            who="Benedetti et al. 2020",
            task="skin-7",
            figure="accuracy 78.9 % in validation",
            protocol="HAM10000, an Inception network with transfer learning",
            split="by image",
            leaking=Leaking.YES,
            source="doi:10.1007/978-3-030-58799-4_39",
            checked=Checked.READ,
            how=(
                "Figure and leak were read in an analysis of the paper (OSPO, UC Santa Cruz 2024): "
                "lesions on both sides, and the validation images also stopped the training."
            ),
            comparable="Nothing: no split by image of these data was made here.",
            not_comparable="The figure, as theirs leaks and ours do not.",
        ),
        Published(
            who="Chaturvedi et al. 2019",
            task="skin-7",
            figure="accuracy 83.1 %",
            protocol="HAM10000, MobileNet with transfer learning",
            split="not read",
            leaking=Leaking.UNKNOWN,
            source="doi:10.1007/978-981-15-3383-9_15",
            checked=Checked.READ,
            how="The figure stands in the abstract, which does not say how images were split.",
            ours=(_SEVEN,),
            comparable="The classes, the data set and the size of the network.",
            not_comparable=(
                "Accuracy alone: two thirds of the images are moles, and a network that favours "
                "them gains accuracy and loses balanced accuracy."
            ),
        ),
        Published(
            who="Villa-Pulgarin et al. 2022",
            task="skin-7",
            figure="accuracy 98 %",
            protocol="HAM10000, DenseNet-201 with augmentation",
            split="not read",
            leaking=Leaking.UNKNOWN,
            source="https://www.techscience.com/cmc/v70n2/44641/html",
            checked=Checked.READ,
            how="The figure stands in the abstract, which does not say how images were split.",
            ours=(_SEVEN,),
            comparable="The classes and the data set.",
            not_comparable=(
                "The figure, before its split is known: it is far above what anybody reached on "
                "the challenge's own test images."
            ),
        ),
        Published(
            who="The 2022 report",
            task="skin",
            figure="accuracy 80 % in validation",
            protocol="HAM10000, three of its classes, ResNet101; the split is not said",
            split="not said",
            leaking=Leaking.UNKNOWN,
            source="technical report 2022, section 4.2.2",
            checked=Checked.READ,
            how="Read in the report. Lesions are not named; this project's issue 3 says by image.",
            ours=(_THREE,),
            comparable="The three classes and the data set.",
            not_comparable=(
                "Accuracy alone: always saying nv is right in 75 %. Ours keeps lesions together."
            ),
        ),
        Published(
            who="Miller and Zois, a law firm, cited by the 2022 report",
            task="skin",
            figure="25 % of skin cancers misdiagnosed",
            protocol="clinical practice; how it was counted is not known",
            split="no split",
            leaking=Leaking.UNKNOWN,
            source="technical report 2022, its reference 12",
            checked=Checked.QUOTED,
            how="Read in the report only; a law firm's page is no study.",
            comparable="Nothing.",
            not_comparable=(
                "It counts patients with cancer. Our errors are of pictures, most of them benign."
            ),
        ),
    ),
)
