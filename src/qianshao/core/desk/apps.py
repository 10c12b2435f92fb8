from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "qianshao.core.desk"
    label = "desk"

    def ready(self) -> None:
        """Keys under which a comment is sealed are in use, though no entry is sealed under them."""
        from qianshao.core.ledger import vault

        from .comments import subjects_in_use

        vault.also_used(subjects_in_use)
