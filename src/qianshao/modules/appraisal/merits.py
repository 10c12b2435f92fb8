"""What a slip costs in the rating: declared, so that a forbidden trace could not be scored (BUR-13, BUR-14)."""

from __future__ import annotations

from qianshao.kernel.merit import MeritRule

_ARTICLE = "本市设定"
ORANGE = MeritRule("appraisal.slip-orange", "橙色督办单", -50, ("supervision.slip",), _ARTICLE, floor=-3_00)
RED = MeritRule("appraisal.slip-red", "红色督办单", -1_00, ("supervision.slip",), _ARTICLE, floor=-5_00)
MERITS = (ORANGE, RED)
BY_LEVEL = {"orange": ORANGE, "red": RED}
