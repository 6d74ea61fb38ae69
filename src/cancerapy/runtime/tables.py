"""Predictions of many files as a table for people, JSON or CSV."""

import csv
import io
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from cancerapy.cancers import Task
from cancerapy.contract import STATEMENT, to_dict
from cancerapy.errors import StorageError, UnknownNameError
from cancerapy.runtime.batch import FileResult

Writer = Callable[[Sequence[FileResult], Task], str]


def writer_named(name: str) -> Writer:
    """Return the writer of a format.

    Raises:
        UnknownNameError: There is no such format.
    """
    if name not in _WRITERS:
        raise UnknownNameError.of("format", name, _WRITERS)
    return _WRITERS[name]


def check_output(output: Path | None) -> None:
    """Make sure that a file can be written before the work for it is done.

    What it holds is left as it is; the folder is made if needed.

    Raises:
        StorageError: It is a folder, or cannot be opened for writing.
    """
    if output is None:
        return
    is_new = not output.exists()
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with output.open("ab"):
            pass
        if is_new:
            output.unlink()
    except OSError as error:
        raise StorageError.from_os_error(error, f"writing '{output}'") from error


def render(write: Writer, results: Sequence[FileResult], task: Task, output: Path | None) -> None:
    """Write results to a file or to stdout, and the reasons of failures to stderr.

    Raises:
        StorageError: The file cannot be written.
    """
    text = write(results, task)
    if output is None:
        _write_out(text)
    else:
        try:
            output.parent.mkdir(parents=True, exist_ok=True)
            # A file's name need not be text; its bytes stay as they are.
            output.write_text(text, encoding="utf-8", errors="surrogateescape")
        except OSError as error:
            raise StorageError.from_os_error(error, f"writing '{output}'") from error
    for result in results:
        if result.error:
            line = show_name(f"{result.path}: {result.error}")
            sys.stderr.write(f"cancerapy: {line} [{result.code}]\n")


def show_name(name: str) -> str:
    r"""Return a file's name in one line that cannot steer a terminal.

    What does not print is escaped, for instance a line feed. Bytes that are no text stay.

    >>> print(show_name("a\nb \x1b[2J.png"))
    a\nb \x1b[2J.png
    """
    return "".join(
        c if c.isprintable() or "\ud800" <= c <= "\udfff" else c.encode("unicode_escape").decode()
        for c in name
    )


def _write_out(text: str) -> None:
    """Write to stdout; where its encoding lacks a character, as in the names of files.

    A name need not be text. Where stdout takes bytes they stay as they are.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        binary = getattr(sys.stdout, "buffer", None)
        if binary is not None:
            sys.stdout.flush()
            binary.write(_to_bytes(text, encoding))
            return
    sys.stdout.write(text)


def _to_bytes(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding, "surrogateescape")
    except UnicodeEncodeError:
        return text.encode(encoding, "backslashreplace")


def write_csv(results: Sequence[FileResult], task: Task) -> str:
    """Return CSV: image, predicted_class, confidence (per cent), verdict, p_<class id> (0..1)."""
    columns = [f"p_{class_id}" for class_id in task.class_ids]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["image", "predicted_class", "confidence", "verdict", *columns])
    for result in results:
        prediction = result.prediction
        if prediction is None:
            writer.writerow([result.path, "", "", "", *[""] * len(columns)])
            continue
        writer.writerow(
            [
                result.path,
                prediction.predicted_class,
                f"{prediction.confidence:.2f}",
                prediction.verdict.value,
                *(f"{c.probability:.6f}" for c in prediction.classes),
            ]
        )
    return text.getvalue()


def write_json(results: Sequence[FileResult], task: Task) -> str:
    """Return a JSON list with a prediction or an error for every file."""
    rows = [
        {
            "image": r.path,
            **(to_dict(r.prediction) if r.prediction else {"error": r.error, "code": r.code}),
        }
        for r in results
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def write_table(results: Sequence[FileResult], task: Task) -> str:
    """Return a table of aligned columns with the standing line below it."""
    header = ["image", "guess", "confidence", "verdict", "advice"]
    rows = [header]
    for result in results:
        p = result.prediction
        if p is None:
            rows.append([show_name(result.path), "-", "-", "not read", "see the message"])
        else:
            rows.append(
                [
                    show_name(result.path),
                    p.predicted_label,
                    f"{p.confidence:.1f} %",
                    p.verdict.value,
                    p.reasons[0].text if p.reasons else p.advice.text,
                ]
            )
    widths = [max(len(row[column]) for row in rows) for column in range(len(header) - 1)]
    lines = [
        "  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[-1]])
        for row in rows
    ]
    return "\n".join([*lines, "", f"Task {task.id}: {task.title}. {STATEMENT}"]) + "\n"


_WRITERS: dict[str, Writer] = {"table": write_table, "json": write_json, "csv": write_csv}
