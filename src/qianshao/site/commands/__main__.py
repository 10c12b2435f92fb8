"""``python -m qianshao.site.commands`` is the same as ``qianshao``."""

from .main import main

main()
