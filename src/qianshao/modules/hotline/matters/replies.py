"""Hints to whoever reviews a reply: does it answer, does it say what was done, by whom and when, was it copied?

Hints are questions to the reviewer and never points of a person: a short reply can be a good one. Everything is read
from the words alone, so a hint says what a reply does not say, not what was not done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from . import copies, places, words
from .message import plain

Hint = Literal[
    "empty", "forwarded", "off_topic", "no_act", "no_actor", "no_time", "asked_when", "asked_how_much", "asked_where", "copied"
]  # fmt: skip
HINTS: tuple[Hint, ...] = (
    "empty", "forwarded", "off_topic", "no_act", "no_actor", "no_time", "asked_when", "asked_how_much", "asked_where", "copied",
)  # fmt: skip

SHORTEST = 15  # letters without greeting and thanks; fewer say nothing
ON_TOPIC = 3  # points for words of the question in the reply: two for a word of the title, one for another
SAME_QUESTION = 0.5  # a like title asked again may get the same answer

_OPENING = re.compile(
    r"^(?:.{0,160}?(?:(?:回复|答复|说明|反馈|解答|汇报)(?:意见)?如下|(?:已|己)?(?:收悉|阅悉|收到|知悉|获悉))[。,:;!、]*)+"
)
_GREETING = re.compile(
    r"^(?:尊敬的)?(?:来信|留言)?(?:网友|市民|来信人|群众)?[“\"《]?[a-z0-9_]{0,20}[”\"》]?[,:]?(?:您|你)好[!,。:]*"
)
_CLOSING = re.compile(
    r"(?:最后,?)?(?:再次)?(?:非常)?(?:衷心)?(?:感谢|谢谢|以上(?:是|为)|如(?:果)?(?:您|你)?(?:还)?(?:对|有).{0,12}(?:不满意|疑问|新的意见|其他问题|不明)|特此(?:回复|答复)|专此)"
    r".{0,120}$"
)
_SIGNED = re.compile(r"(?:[\u4e00-\u9fff]{2,20})?\d{4}年\d{1,2}月\d{1,2}日[。.]*$")
_ACT = re.compile(
    r"经?(?:核实|核查|查实|查明|调查|了解|勘查|现场)|(?:已|已经|于.{1,12}日|当日|目前).{0,20}(?:完成|修复|整改|清理|拆除|处理|处罚|查处|立案|取缔|更换|安装|"
    r"关闭|停止|发放|退还|支付|办结|解决|开通|启动|列入|纳入|上报|出台|取消|约谈|下达|督促|要求|责令|协调|联系|安排|组织|告知|解释|投诉|受理|移交|动工|开工|建成|设置|增加|调整)"
    r"|(?:进行|开展|予以|作出|做出)了|(?:已经|已)(?!转|收|阅|悉|知|获|受理|有|将|是|在|久|不|交办)[\u4e00-\u9fff]"
    r"|责令|约谈|查封|暂扣|罚款|立案|下达了?.{0,8}通知书|(?:我|本)(?:局|委|办|中心|街道|镇|公司|单位|校|院|队).{0,12}(?:安排|组织|派|到|约|要求|督促|责成)"
    r"|根据.{2,40}(?:规定|办法|条例|通知|意见|文件|精神|政策)|依据|按照.{2,30}(?:规定|办法|条例|要求|规划)|不(?:属于|符合|在.{1,12}范围)|可(?:以)?(?:到|携带|凭|拨打|登录|通过)|需(?:要)?(?:提供|携带|到)"
)
_ACTOR = re.compile(
    r"(?:局|委|办|处|厅|科|股|队|所|站|院|校|中心|街道|社区|镇|乡|村|公司|集团|政府|部门|单位|银行|医院|物业|学校|小组|支部|委员会|派出所|管委会)"
    r"|[\u4e00-\u9fff]{1,2}(?:局长|主任|科长|书记|经理|镇长|校长)"
)
_WHEN = re.compile(
    r"(?:\d{1,4}|今|明|去|本|当|上|下|次|近|前|[一二三四五六七八九十]{1,3})(?:年|月|日|天|周|星期|季度|号(?!线|楼|栋))|月底|年底|年初|年内|上半年|下半年|春节|国庆|暑假|寒假"
    r"|\d+个?(?:工作日|小时|分钟)|工作日|第[一二三四]季度|当日|当天|即日|昨日|今日|上午|下午|目前已|\d{1,2}[::]\d{2}"
)
_AMOUNT = re.compile(
    r"\d[\d.,]*\s*(?:元|万|亿|%|%|平|㎡|米|公里|户|人|套|分|个|倍|岁|名|度|吨)|[一二三四五六七八九十百千]+(?:元|个|倍|成)|免费|不收|不予|标准"
)
_WHERE = re.compile(
    r"路|街|号|楼|窗口|大厅|中心|地址|网站|网址|公众号|app|电话|\d{3,4}-?\d{7,8}|0{4}-0+|拨打|服务台|社区|局|所|院|校"
)
_ASKED_WHEN = re.compile(r"何时|什么时候|几时|哪天|多久|何年|啥时|时间表|几月")
_ASKED_AMOUNT = re.compile(r"多少|收费标准|价格是|补偿标准|费用是|几折|比例是")
_ASKED_WHERE = re.compile(r"(?:在|去|到|找)(?:哪里|哪儿|哪个部门|何处|什么地方)|哪里(?:办|查|领|申请|报)")
_CONSULTS = re.compile(r"咨询|询问|请教|请问|想问|问问|[??]$|吗|是否|如何|怎么|能否|可否|什么")
_FORWARDED = re.compile(
    r"(?:已|己|将)(?:给|向)?(?:转交?|交办|转办|移交|转送|批转|转至|呈报|交)(?:给|至|到|由)?[^。]{0,30}(?:处理|办理|核处|研究|部门|局|单位|阅处|政府|街道|镇|乡|调查|核实)"
)
_RESULT = re.compile(
    r"经.{0,10}(?:核实|核查|调查|了解|勘查)|(?:现|情况).{0,6}(?:回复|答复)|结果|根据|依据|(?:已|已经)(?!转|交办|移交)[^。]{0,10}(?:完成|修复|整改|清理|处罚|查处|解决|办结)|一、|1[、.]"
)


@dataclass(frozen=True, slots=True)
class Hints:
    """What a reviewer may want to look at; ``copy_of`` is the key of the earlier reply this one repeats."""

    hints: tuple[Hint, ...]
    copy_of: str = ""


class Earlier:
    """Replies given before, with their questions, so that a copy is found."""

    def __init__(self, replies: Iterable[tuple[str, str, str]] = ()) -> None:
        self._copies = copies.Seen()
        self._titles: list[tuple[str, str]] = []
        for key, title, reply in replies:
            self.add(key, title, reply)

    def add(self, key: str, title: str, reply: str) -> None:
        """Keep a reply; one that says nothing is not worth finding."""
        held = core(reply)
        if len(held) >= _LONG_ENOUGH:
            self._copies.add(held)
            self._titles.append((key, title))

    def copied(self, reply: str) -> tuple[str, str] | None:
        """Key and title of the first earlier reply that this one nearly equals."""
        held = core(reply)
        found = self._copies.first(held) if len(held) >= _LONG_ENOUGH else None
        return None if found is None else self._titles[found]


_LONG_ENOUGH = 30  # letters: shorter answers are alike without being copied


def core(reply: str) -> str:
    """The reply without greeting, opening formula, thanks, signature and day."""
    text = plain(reply).replace("_x000d_", "")
    text = _SIGNED.sub("", text)
    text = _CLOSING.sub("", text)
    text = _GREETING.sub("", text, count=1)
    return _OPENING.sub("", text, count=1).strip("。,:;!")


def hints(question: str, reply: str, earlier: Earlier | None = None) -> Hints:
    """The hints on a reply to a question, whose title is its first line."""
    title, _break, _body = question.partition("\n")
    held = core(reply)
    asked, forwarded = plain(title), _only_forwarded(held)
    if not forwarded and sum(letter.isalnum() for letter in held) < SHORTEST:
        return Hints(("empty",))
    consults = bool(_CONSULTS.search(asked))  # then the answer itself is what is done
    found: dict[Hint, bool] = {
        "forwarded": forwarded,
        "off_topic": not forwarded and _spoken_to(question, reply) < ON_TOPIC,
        "no_act": not forwarded and not consults and not _ACT.search(held),
        "no_actor": not consults and not _ACTOR.search(held),
        "no_time": not consults and not _WHEN.search(held),
        "asked_when": bool(_ASKED_WHEN.search(asked)) and not _WHEN.search(held),
        "asked_how_much": bool(_ASKED_AMOUNT.search(asked)) and not _AMOUNT.search(held),
        "asked_where": bool(_ASKED_WHERE.search(asked)) and not _WHERE.search(held),
    }
    if found["asked_when"]:
        found["no_time"] = False  # said once
    copied = earlier.copied(reply) if earlier is not None else None
    if copied is not None:
        found["copied"] = contained(title, copied[1]) < SAME_QUESTION
    return Hints(tuple(hint for hint in HINTS if found.get(hint)), copied[0] if copied else "")


def _only_forwarded(held: str) -> bool:
    """Whether a short reply says that the matter went elsewhere and nothing came of it yet."""
    return bool(_FORWARDED.search(held)) and len(held) < 150 and not _RESULT.search(held)


def _spoken_to(question: str, reply: str) -> int:
    """Points for words of the question that the reply has; a question of few words asks for fewer."""
    title, _break, body = question.partition("\n")
    in_title, in_body = (_telling(part) for part in (title, body[:300]))
    answer = plain(reply)
    points = 2 * sum(word in answer for word in in_title) + sum(word in answer for word in in_body)
    most = 2 * len(in_title) + len(in_body)
    return ON_TOPIC if 2 * points >= most else points


def _telling(text: str) -> set[str]:
    return set(words.telling(words.cut(places.without_codes(plain(text)))))


def contained(title: str, text: str) -> float:
    """The share of a title's pairs of letters that a text contains; 1 for a title that says nothing."""
    telling = "".join(words.telling(words.cut(places.without_codes(plain(title)))))
    wanted = set(words.pairs(telling))
    if len(wanted) < 3:
        return 1.0
    return len(wanted & set(words.pairs(plain(text)))) / len(wanted)
