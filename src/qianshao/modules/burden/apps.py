from django.apps import AppConfig


class BurdenConfig(AppConfig):
    name = "qianshao.modules.burden"
    label = "burden"
