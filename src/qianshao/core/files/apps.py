from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "qianshao.core.files"
    label = "files"
