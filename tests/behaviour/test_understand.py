"""group_index, understand, campaign_brief, buying_hours, simulate_base."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom

from crmlab.behaviour import (
    buying_hours,
    campaign_brief,
    group_index,
    simulate_base,
    understand,
)
from crmlab.errors import (
    BadRowsError,
    EmptyError,
    MissingColumnsError,
    OutOfRangeError,
    UnknownNameError,
)

KINDS = ["age_band", "gender", "city"]


def card_of(base):
    return understand(base.customers, purchases=base.purchases, holdings=base.holdings)


# by hand


def test_the_index_is_the_share_of_the_group_over_that_of_the_base():
    rows = pd.DataFrame({"city": list("AAAABBBBBB"), "in_group": [1, 1, 1, 0, 1, 0, 0, 0, 0, 0]})
    found = group_index(rows, attributes="city").set_index("value")
    assert found["index"].round(6).to_dict() == {"A": 187.5, "B": round(100 * 0.25 / 0.6, 6)}
    assert found["rows"].to_dict() == {"A": 3, "B": 1}
    # Three or more of four A's in a group of 4 of 10: twice the upper tail.
    p = 2 * hypergeom.sf(2, 10, 4, 4)
    assert found.loc["A", "p_value"] == pytest.approx(p)
    assert 100 < found.loc["A", "shrunk"] < 187.5


def test_a_value_of_everybody_is_100_and_a_missing_one_is_a_value():
    rows = pd.DataFrame({"sex": ["f"] * 6, "age": [20, 20, np.nan, 30, 30, np.nan],
                         "in_group": [True] * 3 + [False] * 3})  # fmt: skip
    found = group_index(rows, attributes=["sex", "age"]).set_index(["attribute", "value"])
    assert found.loc[("sex", "f"), ["index", "shrunk", "low", "high"]].tolist() == [100] * 4
    assert found.loc["age"].index.tolist() == ["20", "30", "(missing)"]


# against the truth


@pytest.mark.curriculum("S73")
@pytest.mark.parametrize("seed", range(5))
def test_six_questions_are_answered_and_100_is_the_base(seed):
    base = simulate_base(5_000, seed=seed)
    card = card_of(base)
    assert card["question"].unique().tolist() == [
        "who",
        "where",
        "profit",
        "loyalty",
        "products",
        "when",
    ]
    # The base's own mean index is 100 in every attribute of which each row has one value.
    for name in (*KINDS, "month", "hour"):
        part = card[card["attribute"] == name]
        assert part["base"] @ part["index"] == pytest.approx(100)
    for name in KINDS:
        part = card[card["attribute"] == name]
        assert part["base"] @ part["shrunk"] == pytest.approx(100)
    # Profit: (1 + 8) * 16 in the group, (1 + 5) * 20 outside, a tenth in it.
    profit = card[card["question"] == "profit"].iloc[0]
    truth = 100 * 144 / (0.1 * 144 + 0.9 * 120)
    assert abs(profit["index"] - truth) <= 3 / 1.96 * (profit["high"] - profit["low"]) / 2
    most = card[card["attribute"] == "month"].nlargest(1, "group").iloc[0]
    assert most["value"] == "11"
    hour = card[card["attribute"] == "hour"].nlargest(1, "group").iloc[0]
    assert int(hour["value"]) in (20, 21, 22)
    brief = campaign_brief(card)
    assert brief["place"].startswith("Shanghai (")
    assert brief["audience"].startswith("under 25 (")
    assert {"make-up", "perfume"} >= {one.split(" (")[0] for one in brief["products"].split(", ")}
    assert "month 11" in brief["time"]


def test_a_group_by_lot_has_no_brief_in_at_least_nine_of_ten_worlds():
    rng, clean = np.random.default_rng(73), 0
    for seed in range(40):
        base = simulate_base(600, group_share=1.0, seed=seed)
        lot = base.customers.assign(in_group=rng.permutation(600) < 60)
        brief = campaign_brief(card_of(base._replace(customers=lot)))
        clean += all(part == "no difference found" for part in brief.values())
    # A rate of 5 % with nothing to find: 2 of 40 on average, 6 are 3 standard errors above.
    assert clean >= 34


@pytest.mark.parametrize(("n", "share"), [(600, 0.05), (2_000, 0.3)])
def test_shrunk_intervals_hold_over_500_worlds_and_are_nearer_to_the_truth(covers, few, n, share):
    held, alone, nearer = [], [], []
    known = simulate_base(10, group_share=share, seed=1).truth
    known = known[known["question"].isin(KINDS)].set_index(["question", "value"])
    rng, inside = np.random.default_rng(n), np.arange(n) < share * n
    for world in few:
        rows = pd.DataFrame({"in_group": inside})
        for name in KINDS:
            part = known.loc[name]
            until = part[["share_of_others", "share_in_group"]].cumsum().to_numpy()[:-1]
            place = (rng.random(n) > until[:, inside.astype(int)]).sum(axis=0)
            rows[name] = part.index.to_numpy()[place]
        found = group_index(rows, attributes=KINDS)
        true = known["index"].loc[[*zip(found["attribute"], found["value"], strict=True)]]
        true = true.to_numpy()
        inner = ((found["low"] <= true) & (true <= found["high"])).to_numpy()
        held.append(inner[world % len(inner)])  # on average over the values: each in its turn
        alone.append(inner[true.argmax()])
        nearer.append([((found[how] - true) ** 2).mean() for how in ("index", "shrunk")])
    regime, measure = f"{n:,} customers, {share:.0%} in the group", "behaviour.group_index"
    far = "30 customers: one value of twelve that stands out is drawn too far towards 100"
    covers(held, measure, regime, part="a value of many")
    covers(alone, measure, regime, part="the farthest value", misses=far if n == 600 else "")
    counted, shrunk = np.mean(nearer, axis=0)
    assert shrunk < counted


def test_rows_of_one_customer_are_not_so_many_customers():
    # Nobody differs, but each customer keeps to one hour: plain rows see groups everywhere.
    rng, alarms = np.random.default_rng(5), {"plain": 0, "by customer": 0}
    for _ in range(80):
        hour = np.repeat(rng.integers(0, 4, 200), 30)
        rows = pd.DataFrame({"hour": hour, "who": np.repeat(np.arange(200), 30)})
        rows["in_group"] = rows["who"] < 40
        for name, customer in (("plain", None), ("by customer", "who")):
            found = group_index(rows, attributes="hour", customer=customer)
            alarms[name] += (found["q_value"] <= 0.05).any()
    assert alarms["plain"] > 60
    assert alarms["by customer"] <= 80 * 0.05 + 3 * np.sqrt(80 * 0.05 * 0.95)


@pytest.mark.parametrize(
    ("inside", "rows_each", "outside", "others_each", "others_stick"),
    [
        (20, 30, 200, 3, True),
        (40, 20, 200, 20, False),
        (10, 30, 200, 10, False),
        (1, 50, 50, 5, True),
    ],
)
def test_a_group_of_heavy_buyers_has_a_design_effect_of_its_own(
    inside, rows_each, outside, others_each, others_stick
):
    # Nobody differs. Each customer of the group keeps to one hour, the others perhaps do not.
    rng, alarms = np.random.default_rng(5), 0
    each = np.repeat([rows_each, others_each], [inside, outside])
    who = np.repeat(np.arange(len(each)), each)
    for _ in range(80):
        hour = rng.integers(0, 4, len(each))[who]
        if not others_stick:
            hour = np.where(who < inside, hour, rng.integers(0, 4, len(who)))
        rows = pd.DataFrame({"hour": hour, "who": who, "in_group": who < inside})
        found = group_index(rows, attributes="hour", customer="who")
        alarms += (found["q_value"] <= 0.05).any()
    assert alarms <= 80 * 0.05 + 3 * np.sqrt(80 * 0.05 * 0.95)


@pytest.mark.parametrize(("n", "chance"), [(40, 0.9), (400, 0.2)])
def test_the_interval_of_who_bought_again_holds_and_stays_a_share(covers, few, n, chance):
    rng, held, part, known = np.random.default_rng(n), [], 0.25, {}
    inside = np.arange(n) < part * n
    customers = pd.DataFrame({"customer_id": range(n), "in_group": inside, "city": "a"})
    holdings = pd.DataFrame({"customer_id": [0], "product": "x"})
    for _ in few:
        again = rng.random(n) < np.where(inside, chance, 0.8 * chance)
        many = int(again[inside].sum()), int(again[~inside].sum())
        if many not in known:  # who it was does not matter, only how many
            who = np.r_[:n, np.flatnonzero(again)]
            log = pd.DataFrame(
                {"customer_id": who, "date": pd.Timestamp("2024-01-01"), "profit_cny": 1.0}
            )
            card = understand(customers, purchases=log, holdings=holdings, who=[])
            known[many] = card[card["value"] == "bought again"].iloc[0]
        row = known[many]
        assert 0 <= row["low"] <= row["index"] <= row["high"] <= 100 / part
        held.append(row["low"] <= 100 / (part + 0.75 * 0.8) <= row["high"])
    regime = f"{n} customers, {chance:.0%} buy again"
    covers(held, "behaviour.understand", regime, part="index of who bought again")


def test_each_sentence_of_the_base_holds():
    base = simulate_base(20_000, seed=9)
    inside = base.customers["in_group"]
    assert inside.sum() == 2_000
    for name in KINDS:
        part = base.truth[base.truth["question"] == name].set_index("value")
        for side, column in ((inside, "share_in_group"), (~inside, "share_of_others")):
            counted = base.customers.loc[side, name].value_counts(normalize=True)
            wanted = part[column]
            error = np.sqrt(wanted * (1 - wanted) / side.sum())
            assert (abs(counted.reindex(wanted.index) - wanted) <= 3.5 * error).all()
    each = base.purchases.groupby("customer_id").size().to_numpy()
    assert each[inside].mean() == pytest.approx(9, abs=3 * np.sqrt(8 / 2_000))
    assert each[~inside].mean() == pytest.approx(6, abs=3 * np.sqrt(5 / 18_000))
    pd.testing.assert_frame_equal(
        simulate_base(50, seed=3).purchases, simulate_base(50, seed=3).purchases
    )


# for any data


def test_names_of_columns_and_products_are_only_names():
    base = simulate_base(300, seed=3)
    plain = card_of(base)
    customers = base.customers.rename(columns={"gender": "inside"})
    holdings = base.holdings.assign(product=base.holdings["product"].replace("tools", "inside"))
    card = understand(customers, purchases=base.purchases, holdings=holdings,
                      who=["age_band", "inside"])  # fmt: skip
    numbers = ["group", "base", "index", "p_value"]
    inside = card[card["attribute"] == "inside"]
    assert inside["value"].tolist() == ["man", "woman"]
    wanted = plain[plain["attribute"] == "gender"]
    assert inside[numbers].to_numpy() == pytest.approx(wanted[numbers].to_numpy())
    tools = plain[plain["value"] == "tools"]
    held = card[(card["attribute"] == "product") & (card["value"] == "inside")]
    assert held[numbers].to_numpy() == pytest.approx(tools[numbers].to_numpy())


def test_nobody_bought_again_is_alike_in_group_and_base():
    base = simulate_base(100, seed=3)
    once = base.purchases.drop_duplicates("customer_id")
    card = card_of(base._replace(purchases=once)).set_index("value")
    again = card.loc["bought again", ["index", "shrunk", "low", "high", "p_value"]]
    assert again.tolist() == [100, 100, 100, 100, 1]


def test_long_numbers_keep_their_digits():
    rows = pd.DataFrame(
        {"shop": [1234567.0, 1234568.0, 0.25, 3] * 2, "in_group": [1] * 4 + [0] * 4}
    )
    found = group_index(rows, attributes="shop")
    assert found["value"].tolist() == ["0.25", "3", "1234567", "1234568"]


def test_row_order_never_matters():
    base = simulate_base(500, seed=2)
    mixed = [one.sample(frac=1, random_state=1) for one in base[:3]]
    card = understand(mixed[0], holdings=mixed[1], purchases=mixed[2])
    pd.testing.assert_frame_equal(card, card_of(base))


def test_the_hours_of_a_group_are_those_of_its_purchases():
    base = simulate_base(2_000, seed=4)
    rows = base.purchases.merge(base.customers[["customer_id", "in_group"]])
    hours = buying_hours(rows)
    assert hours["purchases"].sum() == rows["in_group"].sum()
    assert hours["share"].sum() == pytest.approx(1)
    assert hours.nlargest(1, "share")["month"].item() == 11


# when misused


@pytest.mark.parametrize(("inside", "word"), [(True, "the whole base"), (False, "empty")])
def test_refuses_a_group_that_is_empty_or_the_whole_base(inside, word):
    base = simulate_base(100, seed=1)
    everybody = base.customers.assign(in_group=inside)
    with pytest.raises(BadRowsError, match=f"the group is {word}"):
        group_index(everybody, attributes="city")
    with pytest.raises(BadRowsError, match=f"the group is {word}"):
        card_of(base._replace(customers=everybody))


def test_refuses_what_cannot_be_answered():
    base = simulate_base(100, seed=1)
    strangers = base.purchases.assign(customer_id=base.purchases["customer_id"] + 1_000)
    with pytest.raises(UnknownNameError, match="purchases are of customers who are not in"):
        card_of(base._replace(purchases=strangers))
    with pytest.raises(UnknownNameError, match="holdings are of customers"):
        card_of(base._replace(holdings=base.holdings.assign(customer_id=999)))
    with pytest.raises(BadRowsError, match="more than once"):
        card_of(base._replace(customers=pd.concat([base.customers] * 2)))
    with pytest.raises(MissingColumnsError, match="shoe"):
        group_index(base.customers, attributes="shoe")
    for wrong in ([], ["city", "city"]):
        with pytest.raises(OutOfRangeError, match="at least one column, each once"):
            group_index(base.customers, attributes=wrong)
    texts = base.purchases.assign(customer_id=base.purchases["customer_id"].astype("str"))
    with pytest.raises(OutOfRangeError, match="Make them alike"):
        card_of(base._replace(purchases=texts))
    with pytest.raises(EmptyError, match="nobody holds anything"):
        card_of(base._replace(holdings=base.holdings.head(0)))
    losses = base.purchases.assign(profit_cny=-base.purchases["profit_cny"])
    with pytest.raises(OutOfRangeError, match="the base brings -"):
        card_of(base._replace(purchases=losses))
    rows = base.purchases.merge(base.customers[["customer_id", "in_group"]])
    with pytest.raises(BadRowsError, match="no date has an hour"):
        buying_hours(rows.assign(date=rows["date"].dt.normalize()))
    card = card_of(base)
    with pytest.raises(OutOfRangeError, match="rate must lie"):
        campaign_brief(card, rate=5)
    with pytest.raises(EmptyError, match="the card is empty"):
        campaign_brief(card.head(0))
    with pytest.raises(OutOfRangeError, match="group_share must lie"):
        simulate_base(10, group_share=0, seed=1)
