from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "qianshao.core.org"
    label = "org"
