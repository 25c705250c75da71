"""From records to people: F1 against the truth, and households that stay apart."""

import numpy as np
import pandas as pd
import pytest

from crmlab.collection.simulate import simulate_records
from crmlab.company import load_company
from crmlab.errors import BadRowsError, MissingColumnsError
from crmlab.identity import Comparison, cluster_records, match_quality, match_records

FAMILY = dict(
    zip(
        "王李张刘陈杨赵黄周吴",
        ["Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Zhao", "Huang", "Zhou", "Wu"],
        strict=True,
    )
)
GIVEN = {"敏": "Min", "丽娜": "Lina", "伟": "Wei", "建国": "Jianguo", "芳": "Fang", "静": "Jing"}
GIVEN |= {"强": "Qiang", "磊": "Lei", "洋洋": "Yangyang", "秀英": "Xiuying", "海涛": "Haitao"}


def couples(n, *, seed):
    """Draw spouses with one family name and address, and in every other home with one phone."""
    rng = np.random.default_rng(seed)
    home = np.repeat(np.arange(n), 2)
    family = np.array([*FAMILY])[rng.integers(0, len(FAMILY), n)][home]
    first = rng.integers(0, len(GIVEN), n)
    other = (first + rng.integers(1, len(GIVEN), n)) % len(GIVEN)
    given = np.array([*GIVEN])[np.stack([first, other], axis=1).ravel()]
    number = rng.permutation(80_000)[: 2 * n]
    number = np.where((home % 2 == 0), number[2 * home], number)
    latin = [f"{GIVEN[b]} {FAMILY[a]}" for a, b in zip(family, given, strict=True)]
    return pd.DataFrame(
        {
            "customer_id": np.arange(2 * n),
            "name": [a + b for a, b in zip(family, given, strict=True)],
            "name_latin": latin,
            "phone": [f"+1-{200 + k // 100}-555-01{k % 100:02d}" for k in number],
            "email": [f"{b.lower().replace(' ', '.')}{k}@example.com" for k, b in enumerate(latin)],
            "birth_date": np.datetime64("1950-01-01", "us")
            + rng.integers(0, 18_000, 2 * n).astype("m8[D]"),
            "address": [f"杭州市子虚路{1 + 7 * k % 900}号{1 + k % 29}栋{100 + k}室" for k in home],
        }
    )


def records_of(people, *, edit_share=0.05, seed):
    shares = {"stale_share": 0.05, "missing_share": 0.05, "duplicate_share": 0.03}
    return simulate_records(people, edit_share=edit_share, **shares, seed=seed)


def mixed(people, truth):
    """Return how many found people hold records of several true ones."""
    both = people.merge(truth, on="record_id")
    kinds = both[["person_id", "customer_id"]].drop_duplicates()
    return int((kinds["person_id"].value_counts() > 1).sum())


# against the truth


@pytest.mark.curriculum("S47")
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_f1_is_at_least_95_percent_where_5_percent_of_the_fields_carry_one_edit(seed):
    # The hardest neighbours there are: names, phones, addresses and dates numbered in a row, so
    # that one edit makes the value of somebody else.
    records, truth = simulate_records(1_000, edit_share=0.05, seed=seed)
    assert match_quality(match_records(records).people, truth).f1 >= 0.95


@pytest.mark.curriculum("S47")
def test_f1_is_at_least_95_percent_in_hehua():
    firm, truth = load_company()
    quality = match_quality(match_records(firm.records).people, truth.records)
    assert quality.f1 >= 0.95
    assert quality.precision >= 0.95


def chained(records, found):
    """Return the people that come of joining every chain of matches, whatever speaks against it."""
    pairs = found.pairs.assign(weight=found.pairs["match"].astype("float64"))
    return cluster_records(records, pairs)


@pytest.mark.curriculum("S47")
def test_spouses_with_one_address_name_and_phone_stay_two():
    careful = careless = 0
    for seed in (11, 12, 13):
        records, truth = records_of(couples(600, seed=seed), seed=seed)
        found = match_records(records)
        assert match_quality(found.people, truth).f1 >= 0.95
        careful += mixed(found.people, truth)
        careless += mixed(chained(records, found), truth)
    assert careful < careless
    assert careful <= 0.005 * 3 * 600  # homes


def test_a_record_that_fits_both_spouses_joins_one_and_does_not_join_them():
    records = records_of(couples(300, seed=21), seed=21).data
    home = {"phone": "+1-999-555-0101", "address": "杭州市莲心巷1号1栋101室"}
    wife = {"name": "林黛玉", "email": "lin@example.com", "birth_date": "1970-01-01", **home}
    husband = {"name": "贾宝玉", "email": "jia@example.com", "birth_date": "1969-02-03", **home}
    planted = pd.DataFrame([wife, wife, home, husband, husband]).assign(system="till")
    planted["record_id"] = np.arange(90_001, 90_006)
    both = pd.concat([records, planted.astype({"name": "str"})], ignore_index=True)
    found = match_records(both)
    near = found.pairs.query("left > 90_000 or right > 90_000")
    bridge = near.query("left == 90_003 or right == 90_003")
    hers, his = found.people["person_id"].iloc[-5:-3], found.people["person_id"].iloc[-2:]
    assert hers.tolist() == [hers.iloc[0]] * 2
    assert his.tolist() == [his.iloc[0]] * 2
    assert hers.iloc[0] != his.iloc[0]
    assert (len(bridge), bridge["match"].all()) == (4, True)


def test_more_edits_make_it_worse():
    people = couples(300, seed=9)
    f1 = {}
    for share in (0.05, 0.6):
        records, truth = records_of(people, edit_share=share, seed=9)
        f1[share] = match_quality(match_records(records).people, truth).f1
    assert f1[0.05] > 0.95 > f1[0.6]


def test_records_without_an_edit_are_matched_too():
    records, truth = simulate_records(300, edit_share=0, stale_share=0, missing_share=0, seed=1)
    assert match_quality(match_records(records).people, truth).f1 == 1


# by hand


def test_a_reader_may_name_own_columns_and_comparisons():
    records, truth = simulate_records(400, seed=3)
    own = {"name": "wer", "phone": "tel", "email": "mail", "birth_date": "born"}
    renamed = records.rename(columns={**own, "record_id": "nr"}).drop(columns="address")
    kinds = {"wer": "name", "tel": "phone", "mail": "email", "born": "date"}
    found = match_records(
        renamed,
        kinds=kinds,
        keys={"tel": ["tel_normal"], "mail": ["mail_normal"], "born": ["born_normal"]},
        comparisons=[
            Comparison("wer", "wer_spoken", "name", (1.0, 0.9)),
            *[Comparison(one, f"{one}_normal", "osa", (1.0, 0.85)) for one in ("tel", "mail")],
            Comparison("born", "born_normal", "osa", (1.0,)),
        ],
        record="nr",
    )
    quality = match_quality(found.people, truth.rename(columns={"record_id": "nr"}), record="nr")
    assert quality.f1 >= 0.95
    assert [*found.matcher.m_] == ["wer", "tel", "mail", "born"]


def test_every_pair_of_one_person_was_compared_and_carries_its_reasons():
    records, _ = simulate_records(300, seed=2)
    found = match_records(records)
    person = found.people.set_index("record_id")["person_id"]
    sizes = person.value_counts()
    sides = [person[found.pairs[side]].to_numpy() for side in ("left", "right")]
    assert (sides[0] == sides[1]).sum() == (sizes * (sizes - 1) // 2).sum()
    again = found.matcher.predict(found.pairs)
    pd.testing.assert_series_equal(again["weight"], found.pairs["weight"])
    assert found.blocks["key"].tolist() == ["phone", "email", "birth date", "address", "all"]


def test_a_threshold_of_certainty_joins_nobody():
    records, _ = simulate_records(200, seed=2)
    assert match_records(records, threshold=1).people["person_id"].is_unique


# for any data


def test_the_order_of_rows_does_not_matter_and_the_input_is_untouched():
    records, _ = simulate_records(300, seed=8)
    before = records.copy()
    found = match_records(records)
    for seed in (1, 2):
        again = match_records(records.sample(frac=1, random_state=seed))
        pd.testing.assert_frame_equal(again.people, found.people)
        pd.testing.assert_frame_equal(again.pairs, found.pairs)
    pd.testing.assert_frame_equal(records, before)


@pytest.mark.parametrize("empty", [5, 20])
@pytest.mark.parametrize(
    "written",
    [
        {"phone": "N/A", "email": "N/A", "birth_date": "1900-01-01"},
        {
            "phone": "000-0000",
            "email": "noemail@shop.com",
            "birth_date": "1900-01-01",
            "address": "自提",
        },
        {"phone": "无", "email": "未提供", "birth_date": "1970-01-01", "address": "到店自取"},
    ],
)
def test_strangers_without_data_are_not_one_person(written, empty):
    people = couples(150, seed=7).iloc[::2].reset_index(drop=True)
    records, truth = records_of(people, seed=7)
    records = records.astype(dict.fromkeys(written, "object"))
    unknown = truth["customer_id"].isin(people["customer_id"].head(empty)).to_numpy()
    for field, value in written.items():
        records.loc[unknown, field] = value
    found = match_records(records)
    assert mixed(found.people, truth) == 0
    told = found.placeholders.set_index("field")
    assert told.loc[[*written], "records"].eq(unknown.sum()).all()
    assert told["value"].to_dict() == written


# when misused


def test_names_missing_columns_and_records_that_stand_twice():
    records, _ = simulate_records(50, seed=1)
    with pytest.raises(MissingColumnsError, match="phone"):
        match_records(records.drop(columns="phone"))
    with pytest.raises(BadRowsError, match="stand more than once in record_id"):
        match_records(pd.concat([records, records.head(1)]))
