from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "qianshao.core.accounts"
    label = "accounts"
