from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "qianshao.core.duties"
    label = "duties"
