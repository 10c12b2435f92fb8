"""政务公开: what this module promises, said once."""

from __future__ import annotations

from qianshao.kernel.clock import Each, Every
from qianshao.kernel.declare import Act, Kind, Module, Phase, Reaction, Recurrence, Role, Watch

from . import figures
from .cards import facts as c
from .cards import rules as cards
from .documents import facts as d
from .documents import rules as documents
from .findings.kind import FINDING, REVIEW
from .interpretations import facts as i
from .interpretations import rules as interpretations
from .records.kind import RECORD
from .requests import acts
from .requests import facts as r
from .requests import rules as requests
from .requests.state import fold as request_of
from .responses.kind import RESPONSE
from .upkeep import facts as u
from .upkeep import rules as upkeep
from .yearly import facts as y
from .yearly import rules as yearly

READ, HANDLE, DECIDE = "openness.read", "openness.handle", "openness.decide"

REQUEST = Kind(
    key="openness.request",
    title="依申请公开",
    law="政府信息公开条例 第二十七条至第四十五条",
    fold=request_of,
    clock=requests.clock,
    look=requests.look,
    silence=requests.silence,
    beside=requests.beside,
    needs=("Extended.days", "Consulted.whom", "Postponed.until", "GivenUp.because"),
    phases=(
        Phase("in_process", "办理中"),
        Phase("correction_asked", "待补正", paused=True, second="申请人补正"),
        Phase("consulting", "征求意见中", paused=True, second="对方提出意见"),
        Phase("fee_notified", "待缴费", paused=True, second="申请人缴费"),
        Phase("extended", "已延长"),
        Phase("postponed", "已确定延迟期限"),
        Phase("answered", "已答复", open=False),
        Phase("withdrawn", "已撤回", open=False),
        Phase("given_up", "视为放弃", open=False),
    ),
    acts=(
        Act(r.Received, "收到申请", who=HANDLE, opens=True),
        Act(r.Assigned, "确定承办单位", who=HANDLE, allow=acts.while_open, evidence="none"),
        Act(r.CorrectionAsked, "告知补正", who=HANDLE, allow=acts.may_ask_correction),
        Act(r.Corrected, "收到补正", who=HANDLE, allow=acts.may_be_corrected),
        Act(r.Consulted, "征求意见", who=HANDLE, allow=acts.may_consult),
        Act(r.ConsultationAnswered, "收到意见", who=HANDLE, allow=acts.may_take_opinion),
        Act(r.ConsultationLapsed, "逾期未提出意见", who=HANDLE, allow=acts.may_lapse, evidence="none"),
        Act(r.Extended, "延长答复期限", who=DECIDE, allow=acts.may_extend),
        Act(r.ReasonsAsked, "要求说明理由", who=HANDLE, allow=acts.may_ask_reasons),
        Act(r.ReasonsGiven, "收到说明的理由", who=HANDLE, allow=acts.may_give_reasons),
        Act(r.Postponed, "确定延迟答复期限", who=DECIDE, allow=acts.may_postpone),
        Act(r.FeeNotified, "通知缴费", who=DECIDE, allow=acts.may_charge),
        Act(r.FeePaid, "收到缴费", who=HANDLE, allow=acts.may_pay),
        Act(r.Answered, "答复", who=HANDLE, allow=acts.may_answer),
        Act(r.Delivered, "登记送达", who=HANDLE, allow=acts.may_deliver),
        Act(r.Withdrawn, "申请人撤回", who=HANDLE, allow=acts.while_open),
        Act(r.GivenUp, "视为放弃", who=HANDLE, allow=acts.may_give_up, evidence="none"),
        Act(r.ReviewSought, "收到行政复议申请书副本", who=HANDLE, allow=acts.may_seek_review),
        Act(r.ReviewAnswered, "提出复议答复", who=HANDLE, allow=acts.may_answer_review),
        Act(r.ReviewDecided, "收到复议决定", who=HANDLE, allow=acts.may_decide_review),
        Act(r.Sued, "收到起诉状副本", who=HANDLE, allow=acts.may_sue),
        Act(r.Defended, "提交答辩状", who=HANDLE, allow=acts.may_defend),
        Act(r.Judged, "收到裁判文书", who=HANDLE, allow=acts.may_judge),
    ),
    rules=requests.RULES,
    reads=READ,
    prefix="YQ",
    sealed_title="wanted",
    subject="applicant",
    searched=("wanted", "applicant", "number"),
    indicators=figures.REQUESTS,
)

DOCUMENT = Kind(
    key="openness.document",
    title="主动公开",
    law="政府信息公开条例 第十九条至第二十六条",
    fold=documents.fold,
    clock=documents.clock,
    look=documents.look,
    phases=(
        Phase("waiting", "待公开"),
        Phase("published", "已公开", open=False),
        Phase("taken_down", "已撤下", open=False),
        Phase("on_request", "依申请公开", open=False),
        Phase("withheld", "不予公开", open=False),
        Phase("abolished", "已废止", open=False),
    ),
    acts=(
        Act(d.Formed, "形成信息", who=HANDLE, opens=True),
        Act(d.Decided, "确定公开属性", who=DECIDE, allow=documents.may_decide),
        Act(d.Changed, "内容变更", who=HANDLE, allow=documents.in_force),
        Act(d.Published, "公开", who=HANDLE, allow=documents.may_publish),
        Act(d.TakenDown, "撤下", who=DECIDE, allow=documents.may_take_down),
        Act(d.Abolished, "废止", who=HANDLE, allow=documents.in_force),
    ),
    rules=(documents.PUBLISH,),
    reads=READ,
    prefix="GK",
    searched=("title", "document_number", "url"),
    indicators=figures.DOCUMENTS,
)

INTERPRETATION = Kind(
    key="openness.interpretation",
    title="政策解读",
    law="国办发〔2016〕80号；3 个工作日见于地方规定",
    fold=interpretations.fold,
    clock=interpretations.clock,
    look=interpretations.look,
    phases=(
        Phase("proposed", "文件起草"),
        Phase("planned", "已有解读方案"),
        Phase("submitted", "已送审"),
        Phase("drafted", "解读稿已备"),
        Phase("due", "待解读"),
        Phase("interpreted", "已解读", open=False),
        Phase("excused", "无需解读", open=False),
    ),
    acts=(
        Act(i.Proposed, "登记起草文件", who=HANDLE, opens=True),
        Act(i.Planned, "制定解读方案", who=HANDLE, allow=interpretations.while_open),
        Act(i.Submitted, "文件送审", who=HANDLE, allow=interpretations.may_submit),
        Act(i.Drafted, "起草解读稿", who=HANDLE, allow=interpretations.while_open),
        Act(
            i.DocumentPublished,
            "文件发布",
            who=HANDLE,
            opens=True,
            later=True,
            allow=interpretations.may_publish,
        ),
        Act(i.Interpreted, "发布解读", who=HANDLE, allow=interpretations.may_interpret),
        Act(i.Linked, "建立链接", who=HANDLE, allow=interpretations.may_link),
        Act(i.Excused, "确认无需解读", who=DECIDE, allow=interpretations.while_open),
    ),
    rules=(interpretations.INTERPRET,),
    reads=READ,
    prefix="JD",
    searched=("title", "document_number", "url"),
    indicators=figures.INTERPRETATIONS,
)

YEARLY_REPORT = Kind(
    key="openness.yearly_report",
    title="信息公开年度报告",
    law="政府信息公开条例 第四十九条、第五十条",
    fold=yearly.fold,
    clock=yearly.clock,
    look=yearly.look,
    needs=("YearEnded.body",),
    phases=(
        Phase("owed", "待编制"),
        Phase("handed_in", "已提交"),
        Phase("published", "已公布", open=False),
    ),
    acts=(
        Act(y.YearEnded, "年度终了", who=HANDLE, opens=True, evidence="none"),
        Act(y.Compiled, "填写年度报告", who=HANDLE, allow=yearly.may_compile),
        Act(y.HandedIn, "提交主管部门", who=HANDLE, allow=yearly.may_hand_in),
        Act(y.Published, "公布年度报告", who=HANDLE, allow=yearly.may_publish),
    ),
    rules=(yearly.DEPARTMENT, yearly.GOVERNMENT),
    reads=READ,
    prefix="NB",
    recurs=Recurrence(Each(Every.YEAR), (*yearly.GOVERNMENTS, *yearly.DEPARTMENTS), yearly.opens),
    indicators=figures.REPORTS,
)

UPKEEP = Kind(
    key="openness.upkeep",
    title="指南和目录维护",
    law="政府信息公开条例 第十二条；更新日数由本市规定",
    fold=upkeep.fold,
    clock=upkeep.clock,
    look=upkeep.look,
    phases=(Phase("outdated", "待更新"), Phase("updated", "已更新", open=False)),
    acts=(
        Act(u.Outdated, "登记需要更新", who=HANDLE, opens=True),
        Act(u.Updated, "更新", who=HANDLE, allow=upkeep.may_update),
    ),
    rules=(upkeep.UPKEEP,),
    reads=READ,
    prefix="WH",
    searched=("what", "url"),
)

CARD = Kind(
    key="openness.card",
    title="预警卡",
    law="本市设定（全国性条文未核实）",
    fold=cards.fold,
    clock=cards.clock,
    look=cards.look,
    silence=cards.silence,
    phases=(
        Phase("issued", "待签收"),
        Phase("signed", "已签收待说明"),
        Phase("explained", "已说明待决定"),
        Phase("appealed", "申诉中"),
        Phase("upheld", "已维持", paused=True, second="被发牌单位申诉"),
        Phase("closed", "已了结", open=False),
        Phase("withdrawn", "已撤销", open=False),
    ),
    acts=(
        Act(c.Issued, "发出预警卡", who=DECIDE, opens=True),
        Act(c.SignedFor, "签收预警卡", who=HANDLE, allow=cards.may_sign, evidence="none"),
        Act(c.Explained, "说明情况", who=HANDLE, allow=cards.may_explain),
        Act(c.Appealed, "提出申诉", who=HANDLE, allow=cards.may_appeal),
        Act(c.Decided, "决定维持或者撤销", who=DECIDE, allow=cards.may_decide, apart=True),
        Act(c.Closed, "了结预警卡", who=DECIDE, allow=cards.may_close, evidence="none", apart=True),
    ),
    rules=(cards.EXPLAIN, cards.DECIDE, cards.APPEAL),
    reads=READ,
    prefix="YJ",
    searched=("number",),
    indicators=figures.CARDS,
)

_INTERPRETING = "qianshao.modules.openness.interpreting.follow"
_CLERK = frozenset({READ, HANDLE, "openness.text"})

MODULE = Module(
    key="openness",
    title="政务公开",
    kinds=(REQUEST, DOCUMENT, INTERPRETATION, YEARLY_REPORT, UPKEEP, RECORD, RESPONSE, CARD, FINDING),
    roles=(
        Role("openness.unit", "单位公开联络员", _CLERK),
        Role("openness.clerk", "政务公开科科员", _CLERK, city=True),
        Role(
            "openness.head",
            "政务公开工作机构负责人",
            _CLERK | {DECIDE, REVIEW, "openness.correct", "openness.reveal", "openness.export"},
            city=True,
        ),
    ),
    reactions=tuple(
        Reaction(f"openness.document-{fact.lower()}", f"{DOCUMENT.key}:{fact}", _INTERPRETING)
        for fact in ("Formed", "Decided", "Published", "Abolished", "Voided")
    ),
    watches=(
        Watch(
            (REQUEST.key, DOCUMENT.key, INTERPRETATION.key, YEARLY_REPORT.key),
            "qianshao.modules.openness.cards.issuing.watch",
        ),
    ),
)
