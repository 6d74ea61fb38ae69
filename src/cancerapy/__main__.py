"""``python -m cancerapy``."""

from cancerapy.cli.main import main

main()
