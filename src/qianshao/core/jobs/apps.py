from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "qianshao.core.jobs"
    label = "jobs"
