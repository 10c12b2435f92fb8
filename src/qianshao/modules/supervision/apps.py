from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "qianshao.modules.supervision"
    label = "supervision"
