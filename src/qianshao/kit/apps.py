from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "qianshao.kit"
    label = "kit"
