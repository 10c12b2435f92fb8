from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "qianshao.modules.hotline"
    label = "hotline"
