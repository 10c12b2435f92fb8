from django.apps import AppConfig


class MetersConfig(AppConfig):
    name = "qianshao.core.meters"
    label = "meters"
