"""Everything that the screens show, as plain dataclasses: no Flet, no network, no storage.

``AppState`` changes; what it holds is frozen and replaced.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cancerapy.app.edit import Edit
from cancerapy.app.licences import Licence
from cancerapy.app.records.state import RecordsState
from cancerapy.contract.people import AccountResponse, SignInWays
from cancerapy.contract.responses import About, ModelResponse, PredictionResponse, TaskResponse

LANGUAGES = ("en", "ar")
TEXT_SCALES = (1.0, 1.2, 1.5)
WIDE_FROM_PX = 840
"""Width from which a screen has two panes (Material 3's expanded window)."""

EVERYTHING = "everything"
"""What is deleted when it is not one result."""

Answer = str | float
Answers = Mapping[str, Answer]


class Screen(StrEnum):
    """One screen; the value is its route."""

    WELCOME = "welcome"
    SIGN_IN = "sign-in"
    HOME = "home"
    PATIENT = "patient"
    CAPTURE = "capture"
    RESULT = "result"
    RECORDS = "records"
    REGISTER = "register"
    RECORD = "record"
    CORRECT = "correct"
    EXAMINE = "examine"
    EXAMINATION = "examination"
    HISTORY = "history"
    LEARN = "learn"
    SETTINGS = "settings"
    ACCOUNTS = "accounts"
    NEW_ACCOUNT = "new-account"
    ACCOUNT = "account"
    AUDIT = "audit"
    PASSWORD = "password"  # noqa: S105 (a route)


TOP_SCREENS = (Screen.HOME, Screen.HISTORY, Screen.LEARN, Screen.SETTINGS)
"""The screens of the navigation bar, in order."""

STEPS = (Screen.PATIENT, Screen.CAPTURE, Screen.RESULT)
"""The screens on the way from a cancer to its result, in order."""


class ThemeChoice(StrEnum):
    """Which colours the person wants."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person has chosen, kept on the device.

    Args:
        language: One of ``LANGUAGES``.
        theme: Light, dark, or as the device has it.
        text_scale: One of ``TEXT_SCALES``.
        server: Address of another server than the app came with; empty for that one.
        token: The server's token; empty where none is needed.
        consented: Whether the person has read and accepted what the app is and is not.
        fingerprint: SHA-256 of the one certificate that the server may show, as its pairing
            address told; empty where any that the device trusts will do.
        on_device: Whether the device answers by itself where it can.
    """

    language: str = "en"
    theme: ThemeChoice = ThemeChoice.SYSTEM
    text_scale: float = 1.0
    server: str = ""
    token: str = ""
    consented: bool = False
    fingerprint: str = ""
    on_device: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that was chosen.

    Args:
        data: The bytes that are sent: the file's own, or a PNG of what was made of it.
        preview: A JPEG or PNG of what is sent that any screen can show, upright; empty if there
            is none.
        width_px: Width of what is sent; 0 if unknown.
        height_px: Height of what is sent; 0 if unknown.
        name: The file's name; stays on the device.
        original: The file's bytes, from which every edit starts anew.
        whole: A preview of the whole picture as the file has it, upright.
        format: Format of the file, for instance ``"JPEG"``; empty if unknown.
        edit: What was done to it.
        is_smaller: Whether it was made smaller before it is sent.
        concerns: What may keep it from being judged, see ``check.check_picture``; ``None`` if it
            was not checked.
    """

    data: bytes
    preview: bytes
    width_px: int
    height_px: int
    name: str
    original: bytes = b""
    whole: bytes = b""
    format: str = ""
    edit: Edit = field(default_factory=Edit)
    is_smaller: bool = False
    concerns: tuple[str, ...] | None = None

    @property
    def can_be_edited(self) -> bool:
        """Whether a part can be cut out; a DICOM file is sent as it is, with what it says."""
        return self.format not in ("", "DICOM")


@dataclass(frozen=True, slots=True)
class Editing:
    """An edit that is being made.

    Args:
        edit: As far as it has come.
        preview: The whole picture, turned as the edit says and not cut.
        width_px: Width of that preview.
        height_px: Height of it.
    """

    edit: Edit
    preview: bytes
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, for the screen.

    Args:
        code: Stable word, see ``docs/reference/errors.md``.
        detail: The sentence that came with it; empty if the code says all.
        wait_s: After how many seconds the same may be tried again; 0 where nothing said it.
    """

    code: str
    detail: str = ""
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """One finished analysis, as history keeps it.

    Args:
        id: Moment of the answer, ISO 8601 in UTC; sorts by time.
        task: What was asked, with the texts of its cancer.
        prediction: The answer.
        answers: What the patient said.
        picture: The preview, or a thumbnail in history.
        lesion: Name of the lesion that it shows, so that results can be compared over time.
        remind_on: Day of the reminder, ISO 8601; empty without one.
    """

    id: str
    task: TaskResponse
    prediction: PredictionResponse
    answers: Answers
    picture: bytes
    lesion: str = ""
    remind_on: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for the server; its image lies in the device's storage.

    Args:
        id: Moment of the request, ISO 8601 in UTC; becomes the result's id.
        task: What is asked.
        answers: What the patient said.
        n_bytes: Size of the image.
        refusal: Why the server will not answer it; ``None`` while it may.
    """

    id: str
    task: TaskResponse
    answers: Answers
    n_bytes: int
    refusal: Problem | None = None


@dataclass(slots=True)
class AppState:
    """The whole app at one moment.

    Args:
        preferences: What the person has chosen.
        screen: What is shown.
        width_px: Width of the window.
        is_web: Whether the app runs in a browser, where the server cannot be chosen.
        about: The server's answer; ``None`` before it or without one.
        tasks: Everything that can be asked; ``None`` while it is not known.
        task: What was chosen.
        answers: The patient's answers by cancer and question.
        picture: The image that was chosen.
        editing: The edit of it that is being made; ``None`` while none is.
        is_busy: Whether a picture is being read or the camera opened.
        sent: Share of the upload, 0..1, while an analysis runs; else ``None``.
        camera_on: Whether the camera's picture is shown.
        outcome: The result that is shown.
        heat_opacity: How much the heat map hides the picture, 0..1.
        history: Earlier results, newest first.
        confirming: What is about to be deleted for good: the id of a result, or ``EVERYTHING``;
            empty while nothing is.
        compared: Ids of the earlier and the later result that are compared.
        lesion_draft: A lesion's name as it is being typed; ``None`` while it is not.
        unsaved: Ids of the results for which the device had no room.
        waiting: Requests that wait for the server, the oldest first; none in a browser.
        is_offline: Whether the server could not be reached and an earlier offer is shown.
        has_interpreter: Whether this device can run a model.
        device_models: Names of the models that lie on the device.
        fetched: Share of the models that are fetched, 0..1, while they are; else ``None``.
        models: What the server says about its models; ``None`` while it is not known.
        card: The model card that is read; empty while none is.
        licences: The licences of all parts while they are listed; empty while they are not.
        licence: The licence that is read; ``None`` while none is.
        server_draft: Address and token as they are being typed; ``None`` while they are not.
        ways: How to sign in, while the server asks for it; else ``None``.
        account: Who is signed in; ``None`` where nobody need be.
        sign_in_name: A name as it is being typed to sign in.
        ended: Name of the account whose sign-in ended while it was used; empty if none did.
        records: What is shown of the server's records.
        problem: What went wrong last, until something is done about it.
    """

    preferences: Preferences = field(default_factory=Preferences)
    screen: Screen = Screen.WELCOME
    width_px: float = 0.0
    is_web: bool = True
    about: About | None = None
    tasks: tuple[TaskResponse, ...] | None = None
    task: TaskResponse | None = None
    answers: dict[str, dict[str, Answer]] = field(default_factory=dict)
    picture: Picture | None = None
    editing: Editing | None = None
    is_busy: bool = False
    sent: float | None = None
    camera_on: bool = False
    outcome: Outcome | None = None
    heat_opacity: float = 0.5
    history: tuple[Outcome, ...] = ()
    confirming: str = ""
    compared: tuple[str, str] | None = None
    lesion_draft: str | None = None
    unsaved: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    is_offline: bool = False
    has_interpreter: bool = False
    device_models: tuple[str, ...] = ()
    fetched: float | None = None
    models: tuple[ModelResponse, ...] | None = None
    card: str = ""
    licences: tuple[Licence, ...] = ()
    licence: Licence | None = None
    server_draft: tuple[str, str] | None = None
    ways: SignInWays | None = None
    account: AccountResponse | None = None
    sign_in_name: str = ""
    ended: str = ""
    records: RecordsState = field(default_factory=RecordsState)
    problem: Problem | None = None

    @property
    def is_wide(self) -> bool:
        """Whether there is room for two panes."""
        return self.width_px >= WIDE_FROM_PX

    @property
    def own_answers(self) -> Answers:
        """The patient's answers for the chosen task's cancer."""
        return self.answers.get(self.task.cancer, {}) if self.task else {}


def main_tasks(state: AppState) -> tuple[TaskResponse, ...]:
    """Return the main task of every cancer that the server offers, in the server's order."""
    return tuple(task for task in state.tasks or () if task.main)
