"""The packaged app begins here; the screens are those of the browser.

``tools/make_mobile.sh`` puts the package ``cancerapy`` beside this file before a build.
"""

import flet as ft

from cancerapy.app.config import AppConfig, find_storage
from cancerapy.app.main import build_main

config = AppConfig(server="", storage=find_storage())
ft.run(build_main(config), assets_dir="cancerapy/app/assets")
