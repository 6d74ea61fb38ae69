"""Published values on the eight tissues of Kather 2016."""

from cancerapy.reproduce.published._spec import Chapter, Checked, Leaking, Own, Published

_RANDOM = Own("colorectal", "random-10-LEAKING", ("accuracy",))
_SLIDES = Own("colorectal", "slides", ("accuracy", "macro_f1"))

CHAPTER = Chapter(
    values=(
        Published(
            who="Kather et al. 2016",
            task="colorectal",
            figure="accuracy 87.4 %",
            protocol="5,000 tiles of ten slides, texture features and an SVM, ten random folds",
            split="by tile",
            leaking=Leaking.YES,
            source="doi:10.1038/srep27988",
            checked=Checked.READ,
            how="The figure stands in the abstract; folds and classifier are from memory.",
            ours=(_RANDOM,),
            comparable="Our random folds: the same kind of split of nine of the same ten slides.",
            not_comparable=(
                "Our figure with slides left out: theirs has tiles of every slide in training."
            ),
        ),
        Published(
            who="Rączkowska et al. 2019 (ARA-CNN)",
            task="colorectal",
            figure="accuracy 92.4 %",
            protocol="the same 5,000 tiles, a Bayesian CNN from scratch, ten random folds",
            split="by tile",
            leaking=Leaking.YES,
            source="doi:10.1038/s41598-019-50587-1",
            checked=Checked.MEMORY,
            how=(
                "The abstract was read and says only that other models on these data are "
                "outperformed; figure and folds are from memory."
            ),
            ours=(_RANDOM,),
            comparable="Our random folds.",
            not_comparable="Our figure with slides left out.",
        ),
        Published(
            who="Unknown authors",
            task="colorectal",
            figure="accuracy 73.0 %, macro-F1 0.719",
            protocol="Kather 2016, one slide left out at a time",
            split="by slide",
            leaking=Leaking.NO,
            source="issue 3 of this project, as the best published value found there",
            checked=Checked.QUOTED,
            how="Issue 3 names no source, and none was found in a search for this page.",
            ours=(_SLIDES,),
            comparable="The protocol, and so the order of magnitude.",
            not_comparable=(
                "Exactly: one of the ten slides is not in our data, and whether theirs is the "
                "pooled figure, as ours is, or the mean over slides cannot be looked up."
            ),
        ),
        Published(
            who="The 2022 report",
            task="colorectal",
            figure="accuracy 89 %, precision 88.6 % in validation",
            protocol="5,000 tiles, ResNet101; how they were split is not said",
            split="not said",
            leaking=Leaking.UNKNOWN,
            source="technical report 2022, section 4.2.3",
            checked=Checked.READ,
            how="Read in the report. It names neither slides nor patients.",
            ours=(_RANDOM, _SLIDES),
            comparable="Our random folds, if its split was random by tile, as is usual.",
            not_comparable="Our figure with slides left out, for the same reason.",
        ),
    ),
    left_out=(
        "Networks that are said to reach 95 to 98 % on random splits of Kather 2016: papers with "
        "such titles were found, none in which both the figure and the split could be read.",
    ),
)
