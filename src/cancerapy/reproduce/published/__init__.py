"""Published values to compare with: every module but ``_spec`` holds one ``CHAPTER``."""

import importlib
import pkgutil

from cancerapy.reproduce.published._spec import Chapter, Checked, Leaking, Own, Published

__all__ = ["Chapter", "Checked", "Leaking", "Own", "Published", "load_chapters"]


def load_chapters() -> dict[str, Chapter]:
    """Return the published values by cancer, sorted by its id."""
    modules = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    return {name: importlib.import_module(f"{__name__}.{name}").CHAPTER for name in modules}
