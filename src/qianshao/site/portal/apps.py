from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "qianshao.site.portal"
    label = "portal"
