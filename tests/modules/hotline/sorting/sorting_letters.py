"""Invented letters of three classes, drawn from a seed: nobody's words."""

from __future__ import annotations

import random

from qianshao.modules.hotline.sorting.training import Example

SUBJECTS = {
    "市政": "路灯 井盖 人行道 积水 坑洼 施工 红绿灯 护栏 下水道 绿化带 天桥 路面",
    "卫生": "医院 挂号 医生 护士 药房 体检 疫苗 门诊 病历 急诊 化验 住院",
    "教育": "学校 老师 食堂 校服 作业 补课 学籍 幼儿园 操场 课本 招生 家长会",
}
_PLACES = [
    "东湖",
    "南山",
    "西江",
    "北岭",
    "梅园",
    "竹溪",
    "兰亭",
    "菊坡",
    "松岗",
    "柏村",
    "桂林",
    "枫桥",
    "柳巷",
    "榕街",
    "桃源",
    "杏坛",
]
_ASKS = [
    "请尽快处理",
    "希望答复",
    "盼望解决",
    "一直没人管",
    "打过电话",
    "反映多次",
    "影响生活",
    "十分着急",
    "谢谢领导",
    "何时能好",
]


def examples(each: int, seed: int = 12345) -> list[Example]:
    """So many letters of each class, the classes taking turns, no two alike."""
    dice = random.Random(seed)
    made = []
    for number in range(each):
        for label, subjects in SUBJECTS.items():
            words = subjects.split()
            place, subject = dice.choice(_PLACES), dice.choice(words)
            middle = "，".join(
                f"{dice.choice(_PLACES)}{dice.choice(words)}{dice.choice(_ASKS)}"
                for _piece in range(dice.randint(2, 5))
            )
            made.append(
                Example(f"{place}{subject}的问题", f"{place}第{number}组{subject}，{middle}。", label)
            )
    return made
