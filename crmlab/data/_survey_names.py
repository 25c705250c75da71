"""What the name of a column tells: whose answers, no answers at all, or an item turned round."""

from __future__ import annotations

import re

from crmlab.data._survey_cells import folded

_RESPONDENT = (
    r"(respondent|response|participant|collector|case)?[ _-]?id|respondent|序号|编号|答卷编号|"
    r"答题序号|问卷编号|受访者.*|提交序号"
)
_LEADING = re.compile(
    r"((q|question|第)?\d+ ?[题.:、)]? ?)?(请问)?(what is your |your |[您你]的?)?"
)
_NO_ITEM = (
    r"row|index|no\.?|nr\.?|#|unnamed.*|column \d+|education( level)?|(monthly |annual )?income"
    r"( band| group| level)?|occupation|region|province|department|marital status|学历.*|教育程度|"
    r"[月年]?收入(水平|区间|范围)?是?|职业.*|地区|区域|部门|婚姻.*|"
    r"(customer|user|member|client|person|student|employee)[ _-]?(id|no\.?|number|code)|"
    r"客户编?号|会员编?号|用户编?号|学号|工号|"
    r"(start|end|submit|record|created|modified).*(date|time)?|.*(timestamp|duration|minutes|"
    r"seconds).*|.*(提交|开始|结束|所用|答卷)时间.*|时长|用时|来源.*|来自.*|总分|得分|ip.*|.*latitude.*|"
    r".*longitude.*|age|age[_ -]?(group|band)|年龄.*|gender|sex|性别|weight|权重|.*interviewer.*|"
    r"访问员.*|访员.*|调查员.*|city|城市|省份|progress|status|finished|file"
)
_REVERSED = re.compile(r"\((r|rev|reversed?)\)|\[r\]|[(（]?反向[)）]?|[(（]反[)）]|_r$", re.I)


def is_respondent(name: str) -> bool:
    """Return whether a column is called like the respondents' numbers."""
    return bool(re.fullmatch(_RESPONDENT, folded(name)))


def is_no_item(name: str) -> bool:
    """Return whether a column is called like a time, a number or a fact about the respondent.

    Survey tools number their questions and ask in full: "2、您的性别是？" is 性别.
    """
    whole = folded(name)
    bare = _LEADING.sub("", whole, count=1).rstrip("?是 ")
    return any(re.fullmatch(f"{_NO_ITEM}|{_RESPONDENT}", one) for one in (whole, bare))


def is_reversed(name: str) -> bool:
    """Return whether an item is marked as the opposite of the others."""
    return bool(_REVERSED.search(name.strip()))
