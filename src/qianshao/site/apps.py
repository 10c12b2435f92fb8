"""The site knows everything: here the modules of this installation are named."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "qianshao.site"
    label = "qianshao_site"

    def ready(self) -> None:
        """Make the declarations known; a bad one stops the start with its name."""
        from qianshao.core.duties import registry
        from qianshao.kit.imports import jobs as import_jobs
        from qianshao.kit.imports import spec as import_spec
        from qianshao.modules.appraisal.module import MODULE as APPRAISAL
        from qianshao.modules.burden.module import MODULE as BURDEN
        from qianshao.modules.hotline.imports import ORDERS
        from qianshao.modules.hotline.module import MODULE as HOTLINE
        from qianshao.modules.learning.module import MODULE as LEARNING
        from qianshao.modules.openness.module import MODULE as OPENNESS
        from qianshao.modules.supervision.module import MODULE as SUPERVISION

        from .hotline import learning_job, matter_job
        from .operations import backing
        from .roles import ROLES
        from .setup import holidays
        from .setup import jobs as org_jobs
        from .supervision import reminder_job

        registry.register((HOTLINE, LEARNING, OPENNESS, SUPERVISION, BURDEN, APPRAISAL), ROLES)
        import_spec.register((ORDERS,))
        import_jobs.register()
        matter_job.register()
        reminder_job.register()
        learning_job.register()
        backing.register()
        org_jobs.register()
        holidays.register()
