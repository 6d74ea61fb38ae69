"""A whole search on the toy set."""

from cancerapy.tuning.budget import Deadline
from cancerapy.tuning.session import tune_as_asked


def test_a_search(make_request, capsys):
    request = make_request(
        {"height": 32, "width": 32},
        search=("learning_rate", "optimizer", "input_size"),
        states=3,
        study="a",
    )
    print(tune_as_asked(request, Deadline.after(100)))
    folder = request.settings.runs / "tune" / "a"
    print((folder / "trials.csv").read_text())
    print((folder / "study.json").read_text())
    print(sorted(p.name for p in folder.rglob("*")))
    print(capsys.readouterr())
    assert 0
