"""What a released bundle gives away to a student who tries every number."""

import json
from pathlib import Path

from crmlab.classroom import bundle
from crmlab.classroom.judge import seal
from crmlab.classroom.plain import Plain, text_of
from crmlab.classroom.solve import solve_for
from crmlab.classroom.source import read

SHOP = Path(__file__).parents[1] / "exercises" / "source" / "90_shop.py"


def number(value):
    return text_of(Plain("number", (), ((value,),)), 4)


def test_no_digest_stands_for_fewer_digits_than_are_graded():
    shop = read(SHOP)
    files = bundle.make("a course", "k" * 16, "ann", [shop])
    key = json.loads(files[bundle.keys_name("90")])["tasks"]["90.1"]["key"]
    right = solve_for(shop, bundle.own_data(shop, "k" * 16, "ann"))["90.1"].answer.value
    digests = {*key["right"], *key["rough"]}
    assert seal(number(right), key["salt"]) in digests
    tries = {number(float(f"{right:.{places}f}")) for places in (0, 1)}
    tries |= {number(float(f"{right:.{digits}g}")) for digits in (1, 2, 3)}
    assert not digests & {seal(text, key["salt"]) for text in tries}
