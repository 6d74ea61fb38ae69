from dataclasses import replace

from cancerapy.reproduce._spec import Context
from cancerapy.reproduce.growing_field import Field
from cancerapy.training.plan import resolve_plan
from cancerapy.training.session import open_material


def test_whole_groups_are_drawn_from_the_training_side_only(
    growing_field: Field, growing_context: Context
) -> None:
    cancer = growing_field.load_cancer()
    with open_material(cancer, resolve_plan(cancer), growing_context.settings) as material:
        (split, *_) = growing_field.splits(material)
        small, large = (growing_field.subset(material, split.train, n, 0) for n in (4, 16))
        assert set(small) < set(large) < set(split.train)
        assert len(set(material.manifest.groups[small])) == 2
        single: Field = replace(growing_field, whole_groups=False)
        images = single.subset(material, split.train, 5, 0)
        assert len(images) == 5
        assert set(images) <= set(split.train)


def test_rows_of_unknown_class_are_not_learnt_from(
    growing_field: Field, growing_context: Context
) -> None:
    cancer = growing_field.load_cancer()
    with open_material(cancer, resolve_plan(cancer), growing_context.settings) as material:
        samples = [
            replace(sample, labels={}) if row < 8 else sample
            for row, sample in enumerate(material.manifest.samples)
        ]
        manifest = replace(material.manifest, samples=tuple(samples))
        for split in growing_field.splits(replace(material, manifest=manifest)):
            assert split.train.min() >= 8
            assert sorted({*split.train, *split.test, *range(8)}) == list(range(60))
