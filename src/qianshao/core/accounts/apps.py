from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "qianshao.core.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Let registers and reveals tell the audit trail, and sign-ins begin sessions."""
        from . import sessions, trail

        trail.listen()
        sessions.listen()
