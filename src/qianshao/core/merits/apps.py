from django.apps import AppConfig


class MeritsConfig(AppConfig):
    name = "qianshao.core.merits"
    label = "merits"
