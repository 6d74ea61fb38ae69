"""``cancerapy data``: download, check, summarise, take samples of, and copy data sets."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cancerapy.cli.options import DataRoot

if TYPE_CHECKING:
    from cancerapy.cancers import Cancer, Source
    from cancerapy.settings import Settings

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def _root() -> None:
    """Get data sets, check them before training, and look at what they hold.

    The root named by --data or CANCERAPY_DATA holds a folder per data set: ham10000, kather2016,
    cbis_ddsm, inbreast, inbreast_copies, and those of your own cancers.

    For example:

      export CANCERAPY_DATA=~/data

      cancerapy data download colorectal

      cancerapy data check colorectal

      cancerapy data summary colorectal --out pictures
    """


CancerId = Annotated[str, typer.Argument(help="Cancer: breast, skin, colorectal ...")]
OptionalCancerId = Annotated[
    str | None, typer.Argument(help="Cancer: breast, skin, colorectal ...; all by default.")
]
SourceFolder = Annotated[
    str | None, typer.Option(help="Only the data set with this folder, for instance inbreast.")
]


@app.command()
def download(cancer: CancerId, source: SourceFolder = None, data: DataRoot = None) -> None:
    """Fetch a cancer's data sets, or say how to get those that need an agreement.

    Run again after an interruption it goes on where it stopped. Files are compared with the
    published checksum and archives are unpacked. Where a data set's images are there already,
    nothing is done.

    For example:

      cancerapy data download colorectal --data ~/data
    """
    from cancerapy.data.download import download_source, is_here
    from cancerapy.data.integrity import check_command
    from cancerapy.data.progress import downloading
    from cancerapy.errors import DownloadError

    root = _data_root(_settings(data))
    failed = None
    for loaded, chosen in _sources([cancer], source):
        if chosen.copies_of and source is None:
            continue  # made from another data set, not fetched
        done = "is here already" if is_here(chosen, root) else "was fetched"
        try:
            with downloading(chosen.folder) as progress:
                folder = download_source(loaded, chosen, root, progress=progress)
        except DownloadError as error:
            if error.code != "download_by_hand":
                raise
            typer.echo(f"{error.message}\n", err=True)
            failed = error
        else:
            command = check_command(loaded.id, chosen.folder, root)
            typer.echo(f"'{chosen.title}' {done}; check it with: {command}", err=True)
            typer.echo(folder)
    if failed is not None:
        raise typer.Exit(failed.exit_code)


@app.command()
def check(
    cancer: OptionalCancerId = None,
    source: SourceFolder = None,
    all_faults: Annotated[
        bool, typer.Option("--all", help="List every fault, not three of each kind.")
    ] = False,
    data: DataRoot = None,
) -> None:
    """Report all faults of data sets at once; exit 1 if any keeps one from being used.

    Errors: missing, damaged or unlabelled images, unknown or contradicting labels, too small
    images, images listed twice. Warnings: duplicates (their groups are joined before any split),
    sizes far from the others', images that no table lists. Without --source, data sets that are
    not on this machine are left out.

    For example:

      cancerapy data check skin --data ~/data

      cancerapy data check breast --source inbreast --all
    """
    from cancerapy.data.integrity import check_data
    from cancerapy.data.progress import counting

    settings = _settings(data)
    has_errors = False
    for loaded, chosen in _present(settings, cancer, source):
        with counting(f"checking {chosen.folder}") as progress:
            report = check_data(
                loaded, chosen, _data_root(settings), cache=settings.cache, progress=progress
            )
        typer.echo(report.table())
        for fault in report.faults if all_faults else ():
            typer.echo(f"  {fault.kind.value}\t{fault.path}\t{fault.detail}")
        has_errors |= report.has_errors
    if has_errors:
        raise typer.Exit(1)


@app.command()
def summary(
    cancer: OptionalCancerId = None,
    source: SourceFolder = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the pictures, one folder a data set; by default data-summary in the "
            "folder of runs."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Chooses the images shown.")] = 0,
    data: DataRoot = None,
) -> None:
    """Count classes, groups, sizes and facts, and draw them.

    Pictures: classes.png, sizes.png, ages.png (where ages are known) and samples.png, eight
    images of each class. They show patients' images: keep them where the data are.

    For example:

      cancerapy data summary skin --data ~/data --out pictures
    """
    from cancerapy.data.progress import counting
    from cancerapy.data.summary import summarise_data
    from cancerapy.data.summary_plots import write_plots

    settings = _settings(data)
    for loaded, chosen in _present(settings, cancer, source):
        with counting(f"reading {chosen.folder}") as progress:
            found = summarise_data(
                loaded, chosen, _data_root(settings), cache=settings.cache, progress=progress
            )
        typer.echo(found.text())
        folder = (out or settings.runs / "data-summary") / chosen.folder
        for path in write_plots(found, folder, seed=seed):
            typer.echo(f"Picture: {path}")
        typer.echo("")


@app.command()
def samples(
    cancer: CancerId,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the images; made if needed.")
    ],
    source: SourceFolder = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="Images of each class.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Chooses the images.")] = 0,
    data: DataRoot = None,
) -> None:
    """Copy a few real images of each class out of a data set with an open licence.

    Open is a licence that begins with CC0 or CC-BY in the cancer's file, as CC-BY-4.0 does. The
    images come from the data set on this machine; where it is not there, they are picked out of
    its archive at its address, without the rest of it (colorectal; the others have no address).
    ATTRIBUTION.txt beside them says whom they are from; keep it with them. Images that are of
    nobody and need no attribution: cancerapy phantom.

    For example:

      cancerapy data samples colorectal -o examples

      cancerapy predict colorectal examples
    """
    from cancerapy.data.examples import copy_examples, fetch_examples, find_fetchable, is_open
    from cancerapy.data.summary import summarise_data

    settings = _settings(data)
    owners = {s: loaded for loaded, s in _sources([cancer], source)}
    if fetchable := find_fetchable(owners, settings.data):
        typer.echo(f"Fetching from {fetchable.downloads[0].url}", err=True)
        owner = owners[fetchable]
        for path in fetch_examples(owner, fetchable, output, per_class=count, seed=seed):
            typer.echo(path)
        return
    found = list(_present(settings, cancer, source))
    loaded, chosen = next((pair for pair in found if is_open(pair[1])), found[0])
    summarised = summarise_data(loaded, chosen, _data_root(settings), cache=settings.cache)
    for path in copy_examples(summarised, chosen, output, per_class=count, seed=seed):
        typer.echo(path)


@app.command("make-copies")
def make_copies(
    size: Annotated[int, typer.Option(min=1, help="Height and width of a copy in pixels.")] = 384,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for the copies; by default in the data root."),
    ] = None,
    data: DataRoot = None,
) -> None:
    """Make the 72 rotated and flipped copies of INbreast's mass images, in eight folders.

    They serve to repeat what was published on such a set and to show that a random split of it
    leaks; each copy's group is its original's patient. Of the images marked in labels.csv
    (in_mendeley106_by_count), else of all with a mass in INbreast.xls. Files that are there
    already are kept.

    For example:

      cancerapy data make-copies --data ~/data

      cancerapy train breast --source inbreast_copies --cross-validate grouped-5
    """
    from cancerapy.data.copies import make_copies as make
    from cancerapy.data.progress import counting

    settings = _settings(data)
    copies, original = _copied_source()
    target = output or _data_root(settings) / copies
    with counting("copying") as progress:
        n_originals = make(_data_root(settings) / original, target, size_px=size, progress=progress)
    typer.echo(f"72 copies of each of {n_originals} images:", err=True)
    typer.echo(target)


def _settings(data: Path | None) -> "Settings":
    from cancerapy.settings import load_settings

    return load_settings(data=data)


def _data_root(settings: "Settings") -> Path:
    """Return the root of the data sets; an error says how to name it."""
    from cancerapy.errors import UsageError

    if settings.data is None:
        raise UsageError(
            "The root folder of the data sets must be known, and is not. Give --data FOLDER or "
            "set CANCERAPY_DATA; its folders are one per data set (ham10000, kather2016 ...).",
            code="data_missing",
            field="data",
        )
    return settings.data


def _sources(cancers: list[str], folder: str | None) -> Iterator[tuple["Cancer", "Source"]]:
    """Yield the data sets of cancers, all or the one in ``folder``."""
    from cancerapy.cancers import load_cancer
    from cancerapy.errors import UnknownNameError

    pairs = [(c, s) for c in map(load_cancer, cancers) for s in c.sources]
    known = {source.folder for _, source in pairs}
    if folder is not None and folder not in known:
        raise UnknownNameError.of("data set", folder, known)
    yield from ((c, s) for c, s in pairs if folder in (None, s.folder))


def _present(
    settings: "Settings", cancer: str | None, folder: str | None
) -> Iterator[tuple["Cancer", "Source"]]:
    """Yield the data sets that are on this machine; one that was asked for by name always."""
    from cancerapy.cancers import list_cancers
    from cancerapy.errors import DataError

    root = _data_root(settings)
    wanted = list(_sources([cancer] if cancer else list_cancers(), folder))
    found = [(c, s) for c, s in wanted if folder or (root / s.folder).is_dir()]
    if not found:
        names = ", ".join(source.folder for _, source in wanted)
        raise DataError(
            f"At least one data set must be in '{root}'; none of these folders is: {names}. Get "
            f"one with 'cancerapy data download {cancer or 'CANCER'}', or check --data.",
            code="data_missing",
        )
    yield from found


def _copied_source() -> tuple[str, str]:
    """Return the folder of the data set that is made of copies, and that of its originals."""
    from cancerapy.cancers import list_cancers

    return next((s.folder, s.copies_of) for _, s in _sources(list_cancers(), None) if s.copies_of)
