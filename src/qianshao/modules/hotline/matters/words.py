"""The words of a message: cut once, used for comparing, for reading places and for explaining."""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol, cast

_STOP = frozenset(
    "我们 你们 他们 领导 尊敬 您好 你好 谢谢 感谢 请问 希望 书记 市长 县长 局长 政府 相关 有关 部门 问题 情况 反映 投诉 举报 咨询 "
    "建议 关于 请求 恳请 什么 为什么 怎么 如何 何时 什么时候 是否 能否 可以 没有 一个 这个 那个 就是 还是 但是 因为 所以 如果 而且 "
    "并且 以及 进行 现在 目前 一直 已经 这样 那样 自己 大家 百姓 老百姓 市民 群众 人民 西地省 https baidu com 网友 留言 回复 平台 "
    "非常 十分 特别 真的 这些 那些 这里 那里 之后 之前 以后 以前 时候 时间 知道 不知 不能 不是 还有 其他 通过 由于 根据 对于 作为 "
    "需要 应该 觉得 认为 多次 再次 尽快 及时 解决 处理 给予 得到 表示 一下 一些 有没有 是不是 能不能 可不可以 胡书记 您们 贵局".split()
)
_WORD = re.compile(r"[\u4e00-\u9fffa-z]")


class _Cutter(Protocol):
    def cut(self, text: str, hmm: bool = ...) -> list[str]: ...


@cache
def _cutter() -> _Cutter:
    import rjieba

    return cast(_Cutter, rjieba)


def cut(text: str) -> list[str]:
    """The text as words in order, punctuation kept."""
    return _cutter().cut(text)


def telling(words: list[str]) -> list[str]:
    """The words that can tell one matter from another: two letters or more, no number, no courtesy."""
    return [word for word in words if len(word) > 1 and word not in _STOP and _WORD.search(word)]


def pairs(text: str) -> list[str]:
    """Neighbouring letters; they find a name that was cut in different ways."""
    text = "".join(letter for letter in text if letter.isalnum())
    return [text[at : at + 2] for at in range(len(text) - 1)]
