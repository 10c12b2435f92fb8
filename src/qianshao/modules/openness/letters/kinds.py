"""The letters of an information request: what each says, by which article, and which values it asks for.

The words are fixed here; values are filled in as text and never read as markup or as a template. Articles
without a name are those of 政府信息公开条例 (2019), read in full. Which replies are refusals within 行政复议法
第二十三条第一款第四项 (review first, then the court) is our reading: every reply that gives less than what was
asked for (O3 to O19), since a refusal without the notice is defective and a notice too many is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Value = str | int | date | None
Remedy = Literal["", "either", "review_first"]

COMMON = ("body", "number", "applicant", "request_number", "received_on", "content", "dated_on")
CONTACT = ("contact", "phone")
REMEDIES = ("review_body", "court")

LABELS = {
    "body": "发文机关",
    "number": "文号",
    "applicant": "申请人",
    "request_number": "申请编号",
    "received_on": "收到申请日期",
    "content": "申请内容",
    "dated_on": "落款日期",
    "contact": "联系人",
    "phone": "联系电话",
    "review_body": "行政复议机关",
    "court": "管辖法院",
    "channel": "提交方式",
    "due_on": "答复期限",
    "items": "需要补正的事项",
    "until": "补正期限",
    "days": "延长的工作日数",
    "reason": "理由",
    "third_party": "第三方",
    "organ": "被征求意见机关",
    "information": "拟公开的信息",
    "return_to": "意见寄送地址",
    "where": "公开的位置",
    "how": "提供的方式和时间",
    "public_part": "予以公开的内容",
    "withheld_part": "不予公开的内容",
    "law": "法律、行政法规的名称和条款",
    "access": "查询的途径",
    "search": "检索的范围和方式",
    "responsible": "负责公开的机关及联系方式",
    "asked_on": "告知日期",
    "channels": "反映诉求的渠道",
    "earlier_on": "此前答复的日期",
    "earlier_number": "此前答复的文号",
    "amount": "应缴金额（元）",
    "withdrawn_on": "撤回日期",
    "reads": "更正后的记录",
}
DAYS = frozenset({"received_on", "dated_on", "due_on", "until", "asked_on", "earlier_on", "withdrawn_on"})


@dataclass(frozen=True)
class Letter:
    """One letter. ``addressee`` names the field it is addressed to; ``slip`` is the page to send back."""

    key: str
    title: str
    text: tuple[str, ...]
    fields: tuple[str, ...] = ()
    addressee: str = "applicant"
    remedy: Remedy = ""
    slip: tuple[str, ...] = ()
    closing: str = "特此告知。"

    @property
    def asks(self) -> tuple[str, ...]:
        """The values it can show, in the order a form should ask for them."""
        remedies = REMEDIES if self.remedy else ()
        party = () if self.addressee in COMMON else (self.addressee,)
        common = COMMON if self.addressee == "applicant" else tuple(f for f in COMMON if f != "applicant")
        return (*common, *party, *self.fields, *CONTACT, *remedies)


OPENING = "本机关于{received_on}收到您（单位）提出的政府信息公开申请（编号：{request_number}），申请内容为：{content}。"
REPLY = "政府信息公开申请答复书"
NOT_PROCESSED = "政府信息公开申请不予处理告知书"
ENDED = "政府信息公开申请终止处理告知书"

_PROCEDURE = (
    Letter(
        "registration_receipt",
        "政府信息公开申请登记回执",
        (
            "本机关于{received_on}收到您（单位）以{channel}方式提出的政府信息公开申请，已登记，编号为{request_number}。申请内容为：{content}。",
            "根据《中华人民共和国政府信息公开条例》第三十一条、第三十三条的规定，本机关最迟于{due_on}答复。需要补正、征求第三方或者其他机关意见、延长答复期限的，将另行告知。",
        ),
        ("channel", "due_on"),
    ),
    Letter(
        "correction_notice",
        "政府信息公开申请补正告知书",
        (
            OPENING,
            "经审查，您（单位）的申请内容不明确。根据《中华人民共和国政府信息公开条例》第二十九条、第三十条的规定，请对下列事项作出补正：{items}。",
            "请于{until}前将补正后的申请提交本机关。答复期限自本机关收到补正的申请之日起计算；无正当理由逾期不补正的，视为放弃申请，本机关不再处理该政府信息公开申请。",
        ),
        ("items", "until"),
    ),
    Letter(
        "extension_notice",
        "政府信息公开申请延期答复告知书",
        (
            OPENING,
            "因{reason}，本机关无法在20个工作日内答复。根据《中华人民共和国政府信息公开条例》第三十三条第二款的规定，经本机关政府信息公开工作机构负责人同意，答复期限延长{days}个工作日，最迟于{due_on}答复。",
        ),
        ("reason", "days", "due_on"),
    ),
    Letter(
        "third_party_letter",
        "政府信息公开征求第三方意见书",
        (
            "本机关收到政府信息公开申请（编号：{request_number}），申请公开的信息涉及您（单位）：{information}。",
            "经审查，公开上述信息可能损害您（单位）的合法权益。根据《中华人民共和国政府信息公开条例》第十五条、第三十二条的规定，现征求您（单位）的意见。请自收到本意见书之日起15个工作日内，将意见寄送至{return_to}；不同意公开的，请说明理由。",
            "逾期未提出意见的，由本机关依照《中华人民共和国政府信息公开条例》的规定决定是否公开。",
        ),
        ("information", "return_to"),
        addressee="third_party",
        closing="特此函告。",
        slip=(
            "{body}：",
            "对贵机关就编号{request_number}的申请征求意见的信息，本人（单位）意见如下（请选择一项）：",
            "□ 同意公开　　□ 同意部分公开　　□ 不同意公开",
            "理由（不同意或者同意部分公开的，请写明）：＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿",
            "签名或者盖章：＿＿＿＿＿＿＿＿　　日期：＿＿＿＿年＿＿月＿＿日",
        ),
    ),
    Letter(
        "co_maker_letter",
        "政府信息公开征求意见函",
        (
            "本机关收到政府信息公开申请（编号：{request_number}），申请公开的信息由本机关牵头、与贵机关共同制作：{information}。",
            "根据《中华人民共和国政府信息公开条例》第三十四条的规定，请贵机关自收到本函之日起15个工作日内提出意见，寄送至{return_to}；逾期未提出意见的，视为同意公开。",
        ),
        ("information", "return_to"),
        addressee="organ",
        closing="特此函告。",
    ),
)

_REGULATIONS = "根据《中华人民共和国政府信息公开条例》"


def _reply(
    outcome: str, text: str, *fields: str, title: str = REPLY, remedy: Remedy = "review_first"
) -> Letter:
    return Letter(f"reply.{outcome}", title, (OPENING, text), fields, remedy=remedy)


_REPLIES = (
    _reply(
        "O1",
        f"您（单位）申请公开的信息已主动公开。{_REGULATIONS}第三十六条第一项的规定，现告知获取该信息的方式、途径：{{where}}。",
        "where",
        remedy="either",
    ),
    _reply(
        "O2",
        f"您（单位）申请公开的信息可以公开。{_REGULATIONS}第三十六条第二项、第四十条的规定，现提供该信息：{{how}}。",
        "how",
        remedy="either",
    ),
    _reply(
        "O3",
        f"您（单位）申请公开的信息中含有不应当公开的内容，能够作区分处理。{_REGULATIONS}第三十七条的规定，予以公开的内容为：{{public_part}}；不予公开的内容为：{{withheld_part}}，理由是：{{reason}}。",
        "public_part",
        "withheld_part",
        "reason",
    ),
    _reply(
        "O4",
        f"您（单位）申请公开的信息属于依法确定的国家秘密。{_REGULATIONS}第十四条、第三十六条第三项的规定，本机关决定不予公开。理由是：{{reason}}。",
        "reason",
    ),
    _reply(
        "O5",
        f"您（单位）申请公开的信息属于法律、行政法规禁止公开的政府信息（{{law}}）。{_REGULATIONS}第十四条、第三十六条第三项的规定，本机关决定不予公开。理由是：{{reason}}。",
        "law",
        "reason",
    ),
    _reply(
        "O6",
        f"您（单位）申请公开的信息公开后可能危及国家安全、公共安全、经济安全、社会稳定。{_REGULATIONS}第十四条、第三十六条第三项的规定，本机关决定不予公开。理由是：{{reason}}。",
        "reason",
    ),
    _reply(
        "O7",
        f"您（单位）申请公开的信息涉及商业秘密、个人隐私等，公开会对第三方合法权益造成损害。{_REGULATIONS}第十五条、第三十二条、第三十六条第三项的规定，本机关决定不予公开。理由是：{{reason}}。",
        "reason",
    ),
    _reply(
        "O8",
        f"您（单位）申请公开的信息属于本机关人事管理、后勤管理、内部工作流程等方面的内部事务信息。{_REGULATIONS}第十六条第一款、第三十六条第三项的规定，本机关决定不予公开。理由是：{{reason}}。",
        "reason",
    ),
    _reply(
        "O9",
        f"您（单位）申请公开的信息属于本机关在履行行政管理职能过程中形成的讨论记录、过程稿、磋商信函、请示报告等过程性信息。{_REGULATIONS}第十六条第二款、第三十六条第三项的规定，本机关决定不予公开。理由是：{{reason}}。",
        "reason",
    ),
    _reply(
        "O10",
        f"您（单位）申请公开的信息属于行政执法案卷信息。{_REGULATIONS}第十六条第二款、第三十六条第三项的规定，本机关决定不予公开。理由是：{{reason}}。",
        "reason",
    ),
    _reply(
        "O11",
        f"有关法律、行政法规对您（单位）申请公开的信息的获取有特别规定（{{law}}）。{_REGULATIONS}第三十六条第七项的规定，请依照该规定办理：{{access}}。",
        "law",
        "access",
    ),
    _reply(
        "O12.absent",
        f"经检索（{{search}}），本机关没有您（单位）申请公开的信息。{_REGULATIONS}第三十六条第四项的规定，现告知您（单位）该政府信息不存在。",
        "search",
    ),
    _reply(
        "O12.elsewhere",
        f"您（单位）申请公开的信息不属于本机关负责公开。{_REGULATIONS}第三十六条第五项的规定，现告知并说明理由：{{reason}}。能够确定负责公开该信息的行政机关的，其名称和联系方式为：{{responsible}}。",
        "reason",
        "responsible",
    ),
    _reply(
        "O13",
        f"您（单位）申请公开的信息，本机关没有现成的，需要对现有政府信息进行加工、分析。{_REGULATIONS}第三十八条的规定，本机关不予提供。理由是：{{reason}}。",
        "reason",
    ),
    _reply(
        "O14",
        f"本机关于{{asked_on}}告知您（单位）补正，补正后申请内容仍不明确。{_REGULATIONS}第二十九条、第三十条的规定，本机关无法提供。不明确之处为：{{items}}。",
        "asked_on",
        "items",
    ),
    _reply(
        "O15",
        f"您（单位）以政府信息公开申请的形式进行信访、投诉、举报等活动。{_REGULATIONS}第三十九条第一款的规定，本机关不作为政府信息公开申请处理。您（单位）可以通过下列渠道提出：{{channels}}。",
        "channels",
        title=NOT_PROCESSED,
    ),
    _reply(
        "O16",
        f"您（单位）曾就相同内容提出申请，本机关已于{{earlier_on}}答复（{{earlier_number}}）。{_REGULATIONS}第三十六条第六项的规定，本机关不予重复处理。",
        "earlier_on",
        "earlier_number",
        title=NOT_PROCESSED,
    ),
    _reply(
        "O17",
        f"您（单位）要求提供的是政府公报、报刊、书籍等公开出版物。{_REGULATIONS}第三十九条第二款的规定，现告知获取的途径：{{where}}。",
        "where",
        title=NOT_PROCESSED,
    ),
    _reply(
        "O18",
        f"您（单位）申请公开政府信息的数量、频次明显超过合理范围。本机关已于{{asked_on}}要求说明理由，经审查认为理由不合理：{{reason}}。{_REGULATIONS}第三十五条的规定，本机关不予处理。",
        "asked_on",
        "reason",
        title=NOT_PROCESSED,
    ),
    _reply(
        "O19",
        "您（单位）要求确认或者重新出具的信息，您（单位）已于{earlier_on}获取（{earlier_number}）。您（单位）的要求不属于申请获取政府信息，本机关不予处理。",
        "earlier_on",
        "earlier_number",
        title=NOT_PROCESSED,
    ),
    _reply(
        "O20",
        f"本机关于{{asked_on}}告知您（单位）于{{until}}前补正，您（单位）无正当理由逾期未补正。{_REGULATIONS}第三十条的规定，视为放弃申请，本机关不再处理该政府信息公开申请。",
        "asked_on",
        "until",
        title=ENDED,
        remedy="either",
    ),
    _reply(
        "O21",
        "本机关于{asked_on}告知您（单位）缴纳信息处理费{amount}元，您（单位）逾期未缴纳。根据《政府信息公开信息处理费管理办法》的规定，视为放弃申请，本机关不再处理该政府信息公开申请。",
        "asked_on",
        "amount",
        title=ENDED,
        remedy="either",
    ),
    _reply(
        "O22",
        "您（单位）于{withdrawn_on}撤回申请，本机关终止处理。",
        "withdrawn_on",
        title=ENDED,
        remedy="",
    ),
)

LETTERS = {letter.key: letter for letter in (*_PROCEDURE, *_REPLIES)}


def replies_for(outcome: str) -> tuple[Letter, ...]:
    """The letters that may tell an outcome (O1 to O22); O12 has two. Empty for any other code."""
    return tuple(
        letter
        for letter in _REPLIES
        if letter.key == f"reply.{outcome}" or letter.key.startswith(f"reply.{outcome}.")
    )


REMEDY_TEXTS: dict[Remedy, str] = {
    "": "",
    "either": "如对本答复不服，可以自收到本文书之日起60日内向{review_body}申请行政复议，或者自收到本文书之日起6个月内直接向{court}提起行政诉讼。",
    "review_first": "如对本答复不服，根据《中华人民共和国行政复议法》第二十条、第二十三条的规定，应当先自收到本文书之日起60日内向{review_body}申请行政复议；对行政复议决定不服的，可以自收到行政复议决定书之日起15日内向{court}提起行政诉讼。",
}
