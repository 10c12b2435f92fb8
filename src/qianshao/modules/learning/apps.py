from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "qianshao.modules.learning"
    label = "learning"
