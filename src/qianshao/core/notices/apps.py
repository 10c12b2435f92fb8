from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "qianshao.core.notices"
    label = "notices"
