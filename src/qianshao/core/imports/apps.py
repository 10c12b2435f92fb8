from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "qianshao.core.imports"
    label = "imports"
