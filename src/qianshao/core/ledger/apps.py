from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "qianshao.core.ledger"
    label = "ledger"
