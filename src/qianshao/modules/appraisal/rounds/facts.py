"""What can happen to a round of self-declaration, spot check and combined rating (自主申报、专业抽查、综合评比)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qianshao.kernel.declare import Fact, day, long, number, text, unit

_DIGEST = 64


@dataclass(frozen=True, kw_only=True)
class Opened(Fact):
    """The office opened a round: units declare what they have completed until a day."""

    title: str = text("名称", maximum=120)
    name: str = text("代号", maximum=20, hint="例如：2026-1，抽取时用作名称")
    unit: str = unit("组织单位")
    since: date = day("统计起始日")
    until: date = day("统计截止日")
    declare_by: date = day("申报截止日")
    visit_by: date = day("抽查截止日")
    share: int = number("普通层抽查比例（%）", maximum=100)
    risk_share: int = number("重点层抽查比例（%）", maximum=100)


@dataclass(frozen=True, kw_only=True)
class Sealed(Fact):
    """List and seed were fixed before anybody could know the draw: their digests are public, the seed is not."""

    claims: int = number("申报事项数", maximum=10**6)
    listed: str = text("名单摘要", maximum=_DIGEST, hint="kernel.sampling 的名单摘要（SHA-256）")
    commitment: str = text("种子承诺", maximum=_DIGEST, hint="种子的 SHA-256 承诺，公布种子后任何人可以核对")
    inspectors: str = long("督查员名册", maximum=5000, hint="账号序号，用逗号隔开；名册在抽取前固定")
    conflicts: str = long("回避关系", required=False, hint="单位编码:账号序号，用逗号隔开")
    seed: str = text("种子", required=False, sealed=True, maximum=_DIGEST)


@dataclass(frozen=True, kw_only=True)
class Drawn(Fact):
    """The spot check was drawn and inspectors matched; each visited unit's inspection budget gave one."""

    visits: int = number("抽中事项数", maximum=10**6)
    units: int = number("抽中单位数", maximum=10**5)
    plan: str = text("抽查安排摘要", maximum=_DIGEST)


@dataclass(frozen=True, kw_only=True)
class Revealed(Fact):
    """After the last visit the seed is public: everybody can repeat the draw."""

    seed: str = text("种子", maximum=_DIGEST)


@dataclass(frozen=True, kw_only=True)
class Rated(Fact):
    """The ratings were worked out."""

    units: int = number("评分单位数", maximum=10**5)


@dataclass(frozen=True, kw_only=True)
class Published(Fact):
    """The ratings are public; appeals were heard before."""

    place: str = text("公布途径", maximum=200)


AnyFact = Opened | Sealed | Drawn | Revealed | Rated | Published
