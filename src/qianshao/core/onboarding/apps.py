from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "qianshao.core.onboarding"
    label = "onboarding"
