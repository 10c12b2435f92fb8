"""The sorts of notices people choose channels for."""

from __future__ import annotations

from qianshao.kernel.words import marked

AMBER, DUE, STEP, TASK, RAISED, SYSTEM = "amber", "due", "step", "task", "raised", "system"
RISING = (DUE, STEP)  # what somebody above is told of when it lies unread
TITLES = {
    DUE: marked("逾期"),
    AMBER: marked("临期"),
    STEP: marked("中途期限"),
    TASK: marked("新任务"),
    RAISED: marked("下级未读"),
    SYSTEM: marked("系统告警"),
}
