"""Roles that belong to no module: those who see across, and the three administrators who see no content.

System, security and audit administration are apart (GB/T 22239—2019 8.1.5); no role holds two of them.
"""

from __future__ import annotations

from qianshao.kernel.declare import Role

_READ = frozenset(
    {"hotline.read", "learning.read", "openness.read", "supervision.read", "burden.read", "appraisal.read"}
)

ROLES = (
    Role("mayor", "市长", _READ | {"city.read"}, city=True),
    Role(
        "office.head",
        "办公室主任",
        _READ
        | {
            "city.read",
            "hotline.text",
            "hotline.extend",
            "hotline.export",
            "learning.export",
            "openness.text",
            "supervision.approve",
            "supervision.export",
            "supervision.text",
            "openness.decide",
            "openness.export",
            "meters.set",
            "meters.explain",
            "meters.correct",
        },
        city=True,
    ),
    Role("rules.keeper", "规则管理员", frozenset({"rules.set", "rules.read"}), city=True),
    Role("auditor", "审计管理员", _READ | {"ledger.verify", "ledger.export", "audit.read"}, city=True),
    Role("secadmin", "安全管理员", frozenset({"people.grant", "people.lock"}), city=True),
    Role(
        "sysadmin",
        "系统管理员",
        frozenset(
            {
                "people.create",
                "org.manage",
                "system.jobs",
                "system.backup",
                "system.channels",
                "system.hooks",
            }
        ),
        city=True,
    ),
)
