import numpy as np

from cancerapy.learning.stream import draw_stream

LABELS = np.arange(400) // 2 % 4
GROUPS = np.array([f"g{row // 2:03d}" for row in range(400)])
TRAIN = np.arange(300)


def test_every_row_of_the_training_side_comes_once_and_groups_stay_together() -> None:
    stream = draw_stream(LABELS, GROUPS, TRAIN, seed=3, n_rounds=4)
    parts = [stream.start, *stream.rounds]
    assert sorted(np.concatenate(parts).tolist()) == TRAIN.tolist()
    assert [len(part) for part in parts] == [60] * 5
    owners = [set(GROUPS[part].tolist()) for part in parts]
    assert sum(map(len, owners)) == len(set.union(*owners)) == 150
    assert set(LABELS[stream.start].tolist()) == {0, 1, 2, 3}


def test_a_share_of_the_groups_gets_another_class_as_a_whole() -> None:
    stream = draw_stream(LABELS, GROUPS, TRAIN, seed=3, wrong_share=0.1)
    for told in (stream.reviewed, stream.reviewed_again):
        is_wrong = told != LABELS
        assert is_wrong.sum() == 40
        assert len(set(GROUPS[is_wrong].tolist())) == 20
        assert set(told.tolist()) <= {0, 1, 2, 3}
    both = (stream.reviewed != LABELS) & (stream.reviewed_again != LABELS)
    assert both.sum() < 20  # the second look errs independently


def test_draws_differ_by_seed_alone() -> None:
    one, same, other = (draw_stream(LABELS, GROUPS, TRAIN, seed=seed) for seed in (1, 1, 2))
    assert one.start.tolist() == same.start.tolist() != other.start.tolist()
    assert one.reviewed.tolist() == same.reviewed.tolist() != other.reviewed.tolist()
