from django.apps import AppConfig


class OpennessConfig(AppConfig):
    name = "qianshao.modules.openness"
    label = "openness"
