"""Names, addresses and numbers from look-up tables; none of them can reach anybody.

Telephone numbers are 555-0100 to 555-0199 of a North American area code, which are kept free for
fiction; the 80,000 of them are told apart by an extension when a world has more people. E-mails
are at domains that nobody can own. Streets are invented, and postcodes begin with 00, which no
Chinese postcode does.

Source: ATIS-0300115 (555 line numbers); RFC 2606, doi:10.17487/RFC2606.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

# Made when the module loads, so that no type checker knows its functions.
pc: Any = import_module("pyarrow.compute")

_SURNAMES = """
王 Wang 李 Li 张 Zhang 刘 Liu 陈 Chen 杨 Yang 黄 Huang 赵 Zhao 吴 Wu 周 Zhou 徐 Xu 孙 Sun 马 Ma
朱 Zhu 胡 Hu 郭 Guo 何 He 高 Gao 林 Lin 罗 Luo 郑 Zheng 梁 Liang 谢 Xie 宋 Song 唐 Tang 许 Xu
韩 Han 冯 Feng 邓 Deng 曹 Cao 彭 Peng 曾 Zeng 肖 Xiao 田 Tian 董 Dong 潘 Pan 袁 Yuan 蔡 Cai 蒋 Jiang
余 Yu 于 Yu 杜 Du 叶 Ye 程 Cheng 魏 Wei 苏 Su 吕 Lü 丁 Ding 任 Ren
"""
_GIVEN_F = """
芳 fang 娜 na 敏 min 静 jing 丽 li 艳 yan 娟 juan 霞 xia 桂 gui 英 ying 玉 yu 兰 lan 红 hong
梅 mei 晓 xiao 燕 yan 秀 xiu 珍 zhen 丹 dan 宁 ning 佳 jia 欣 xin 怡 yi 梓 zi 萱 xuan 雨 yu
桐 tong 思 si 雪 xue 琳 lin
"""
_GIVEN_M = """
伟 wei 强 qiang 磊 lei 军 jun 洋 yang 勇 yong 杰 jie 涛 tao 明 ming 超 chao 平 ping 刚 gang 建 jian
华 hua 志 zhi 国 guo 文 wen 海 hai 东 dong 春 chun 宇 yu 晨 chen 轩 xuan 涵 han 浩 hao 然 ran
远 yuan 峰 feng 博 bo 鹏 peng
"""
SURNAMES, GIVEN_F, GIVEN_M = (text.split() for text in (_SURNAMES, _GIVEN_F, _GIVEN_M))
ENGLISH_F = ("Mary", "Patricia", "Jennifer", "Linda", "Susan", "Karen", "Aisha", "Emma", "Sofia")
ENGLISH_M = ("James", "Robert", "Michael", "John", "David", "William", "Carlos", "Noah", "Liam")
FAMILY = ("Smith", "Johnson", "Brown", "Garcia", "Miller", "Davis", "Lopez", "Wilson", "Moore")
ROADS = {
    "子虚路": "Zixu Road", "乌有街": "Wuyou Street", "荷叶路": "Lotus Leaf Road",
    "云镜街": "Cloud Mirror Street", "莲心巷": "Lotus Seed Lane", "镜花路": "Mirror Flower Road",
    "水月街": "Water Moon Street", "虚谷巷": "Empty Valley Lane",
}  # fmt: skip
CITIES_ZH = {
    "Shanghai": "上海市", "Hangzhou": "杭州市", "Wuhan": "武汉市", "Chengdu": "成都市",
    "Xi'an": "西安市",
}  # fmt: skip
DOMAINS = ("example.com", "example.org", "example.net")
PHONES = 80_000


def draw_label(rng: np.random.Generator, shares: Mapping[str, float], n: int) -> pa.Array:
    """Return `n` labels drawn independently, each with its share as chance."""
    level = np.searchsorted(np.cumsum([*shares.values()])[:-1], rng.random(n), side="right")
    return pa.array([*shares]).take(pa.array(level))


def draw_word(rng: np.random.Generator, words: Sequence[str], n: int) -> pa.Array:
    """Return `n` of `words`, all equally likely."""
    return pa.array(words).take(pa.array(rng.integers(0, len(words), n)))


def joined(*parts: pa.Array | np.ndarray | str) -> pa.Array:
    """Return the parts of each row written after one another; numbers as their digits."""
    texts = [part if isinstance(part, str) else pc.cast(part, pa.string()) for part in parts]
    return pc.binary_join_element_wise(*texts, "")


def frame_of(columns: Mapping[str, pa.Array | np.ndarray]) -> pd.DataFrame:
    """Return a frame of these columns; texts are str, and what is missing stays missing."""
    return pa.table(dict(columns)).to_pandas()


def phones(number: np.ndarray) -> pa.Array:
    """Return the telephone number of each person, by the person's own `number` from 1."""
    round_, place = np.divmod(number - 1, PHONES)
    area, line = np.divmod(place * 31_337 % PHONES, 100)
    line = pc.utf8_lpad(pc.cast(line, pa.string()), 2, "0")
    written = joined("+1-", area + 200, "-555-01", line)
    return pc.if_else(pa.array(round_ > 0), joined(written, " ext. ", round_), written)


def draw_names(
    rng: np.random.Generator, gender: np.ndarray, *, chinese_share: float
) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return each person's name, the name in Latin letters, and that as the start of an e-mail."""
    n, is_woman = len(gender), pa.array(gender == "F")
    family = rng.integers(0, len(SURNAMES) // 2, n)
    first, second = (
        (rng.integers(0, len(GIVEN_F) // 2, n), rng.integers(0, len(GIVEN_M) // 2, n))
        for _ in range(2)
    )
    is_long = pa.array(rng.random(n) < 0.75)
    zh, latin = [], []
    for women, men in (first, second):
        for script, found in ((0, zh), (1, latin)):
            either = [
                pa.array(table[script::2]).take(pa.array(row))
                for table, row in ((GIVEN_F, women), (GIVEN_M, men))
            ]
            found.append(pc.if_else(is_woman, *either))
    zh[1], latin[1] = (pc.if_else(is_long, part[1], "") for part in (zh, latin))
    surname = [pa.array(SURNAMES[script::2]).take(pa.array(family)) for script in (0, 1)]
    given = pc.utf8_capitalize(joined(*latin))
    english = pc.if_else(is_woman, draw_word(rng, ENGLISH_F, n), draw_word(rng, ENGLISH_M, n))
    last = draw_word(rng, FAMILY, n)
    is_chinese = pa.array(rng.random(n) < chinese_share)
    name = pc.if_else(is_chinese, joined(surname[0], *zh), joined(english, " ", last))
    first_name = pc.if_else(is_chinese, given, english)
    last_name = pc.if_else(is_chinese, surname[1], last)
    mail = pc.replace_substring(pc.utf8_lower(joined(first_name, ".", last_name)), "ü", "u")
    return name, joined(first_name, " ", last_name), mail


def draw_addresses(rng: np.random.Generator, city: np.ndarray) -> dict[str, pa.Array]:
    """Return city, line, line_latin and postcode of one address in each row's `city`."""
    n = len(city)
    road = rng.integers(0, len(ROADS), n)
    zh, latin = (pa.array([*side]).take(pa.array(road)) for side in (ROADS, ROADS.values()))
    house, block, room = (rng.integers(1, most, n) for most in (999, 30, 29))
    code, known = pa.array(city).dictionary_encode(), CITIES_ZH
    city_zh = pa.array([known.get(one, one) for one in code.dictionary.to_pylist()])
    return {
        "city": pa.array(city),
        "line": joined(city_zh.take(code.indices), zh, house, "号", block, "栋", room, "01室"),
        "line_latin": joined("Room ", room, "01, Building ", block, ", ", house, " ", latin),
        "postcode": joined("00", rng.integers(1000, 9999, n)),
    }
