"""What a cancer's file says comes through to clients whole."""

from cancerapy import __version__
from cancerapy.cancers import list_cancers, load_cancer
from cancerapy.contract.service import API_VERSION
from cancerapy.readers import FORMATS, ReadLimits
from cancerapy.runtime.offer import describe_service, describe_task


def test_the_service_tells_its_limits() -> None:
    about = describe_service(ReadLimits(7, 9))
    assert (about.name, about.version, about.api) == ("CanceRapy", __version__, API_VERSION)
    assert (about.max_upload_bytes, about.max_megapixels) == (7, 9)
    assert about.formats == FORMATS


def test_only_the_first_task_of_a_cancer_is_its_main_one() -> None:
    for name in list_cancers():
        cancer = load_cancer(name)
        offers = [describe_task(cancer, task, None) for task in cancer.tasks]
        assert [offer.main for offer in offers] == [True] + [False] * (len(offers) - 1)
        assert [offer.aliases for offer in offers][:2] == [(f"/{name}",), ()][: len(offers)]
        assert all(offer.model is None for offer in offers)
        assert {offer.route for offer in offers} == {
            f"/api/v1/predict/{task.id}" for task in cancer.tasks
        }
        assert all(offer.signs == cancer.signs for offer in offers)
        assert all(offer.act_within_days == cancer.act_within_days for offer in offers)
