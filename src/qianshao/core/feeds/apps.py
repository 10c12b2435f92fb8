from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "qianshao.core.feeds"
    label = "feeds"
