from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "qianshao.modules.appraisal"
    label = "appraisal"
