from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "qianshao.core.hooks"
    label = "hooks"
