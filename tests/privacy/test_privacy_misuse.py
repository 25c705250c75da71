"""Arguments that are not what they should be: each refused in words, never by a raw error."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import BadRowsError, CrmlabError, NotAllowedError
from crmlab.privacy import (
    Budget,
    FullDomain,
    Gate,
    Mondrian,
    Policy,
    Vault,
    attacker_advantage,
    cell_intervals,
    dates,
    dictionary_attack,
    differencing_attack,
    explore_epsilon,
    homogeneity_attack,
    information_loss,
    k_anonymity,
    l_diversity,
    linkage_attack,
    membership_attack,
    noisy_count,
    noisy_histogram,
    noisy_sum,
    numbers,
    plain_hash,
    prefixes,
    pseudonymise,
    published_table,
    risk_by_quasi,
    risk_utility,
    seen_by_band,
    simulate_panel,
    simulate_people,
    t_closeness,
    whole,
)

KEY = b"a key of 16 byte"
PEOPLE = pd.DataFrame(
    {
        "customer_id": [1, 2, 3, 4],
        "age": [20, 30, 40, 50],
        "sex": ["F", "F", "M", "M"],
        "spend": [1.0, 2.0, 3.0, 4.0],
        "last_seen_on": pd.to_datetime(["2024-06-01"] * 4),
    }
)
LISTS = PEOPLE.assign(sex=[["F"], ["F"], ["M"], ["M"]])
SPEND, SEX, AGE = PEOPLE["spend"], PEOPLE["sex"], PEOPLE["age"]
NOISE = {"epsilon": 1.0, "budget": Budget(100)}
SUM = {"low": 0, "high": 5, **NOISE}
POLICY = Policy({"evaluation": ["age"]})
CONSENTS = pd.DataFrame(
    {
        "customer_id": [1],
        "purpose": ["evaluation"],
        "given_on": pd.to_datetime(["2024-01-01"]),
        "withdrawn_on": pd.to_datetime([None]),
    }
)
BANDS = {"column": "age", "value": "spend", "edges": [20, 40, 60]}
LADDERS = {"age": numbers(widths=[20])}
HAS = {"column": "sex", "value": "F", "targets": [0]}
PANEL = pd.DataFrame({"tea": [0, 1], "soap": [1, 0]})


def gate(people=PEOPLE, policy=POLICY, **changed):
    return Gate(people, policy, **{"consents": CONSENTS, "as_of": "2025-01-01"} | changed)


def vault(**changed):
    return Vault(PEOPLE[["customer_id"]], id="customer_id", **changed)


def asked(**changed):
    return gate().ask(**{"columns": ["age"], "purpose": "evaluation", "who": "Ann"} | changed)


# when misused

CALLS = {
    # noise
    "count of a number": (lambda: noisy_count(5, **NOISE), "people must be a frame or a Series"),
    "count of a list": (lambda: noisy_count([1, 2], **NOISE), "got list"),
    "count without a budget": (
        lambda: noisy_count(PEOPLE, epsilon=1, budget=None),
        r"budget must be a Budget.*Budget\(1.0\); got NoneType",
    ),
    "a number for a budget": (lambda: noisy_count(PEOPLE, epsilon=1, budget=1.0), "got float"),
    "sum of a list": (lambda: noisy_sum([1.0], **SUM), "values must be a Series"),
    "sum of a frame": (lambda: noisy_sum(PEOPLE, **SUM), "got DataFrame"),
    "sum of text": (lambda: noisy_sum(SEX, **SUM), "value must hold numbers; got str"),
    "sum of digits as text": (lambda: noisy_sum(AGE.astype("str"), **SUM), "must hold numbers"),
    "sum of days": (lambda: noisy_sum(PEOPLE["last_seen_on"], **SUM), "must hold numbers"),
    "a bound as text": (lambda: noisy_sum(SPEND, **SUM | {"low": "0"}), "low must be a number"),
    "no upper bound": (lambda: noisy_sum(SPEND, **SUM | {"high": None}), "and None"),
    "sum without a budget": (lambda: noisy_sum(SPEND, **SUM | {"budget": None}), "got NoneType"),
    "histogram of a list": (
        lambda: noisy_histogram(["F"], categories=["F"], **NOISE),
        "values must be a Series",
    ),
    "no categories": (
        lambda: noisy_histogram(SEX, categories=None, **NOISE),
        "categories must be a list.*got None",
    ),
    "a text for categories": (lambda: noisy_histogram(SEX, categories="F", **NOISE), "got 'F'"),
    "categories in a list too many": (
        lambda: noisy_histogram(SEX, categories=[["F", "M"]], **NOISE),
        "hold a list or the like in category",
    ),
    "histogram of lists": (
        lambda: noisy_histogram(LISTS["sex"], categories=["F"], **NOISE),
        "hold a list or the like in value",
    ),
    "histogram without a budget": (
        lambda: noisy_histogram(SEX, categories=["F", "M"], epsilon=1, budget="1"),
        "got str",
    ),
    "a picture of no Series": (lambda: explore_epsilon(["F"], categories=["F"]), "got list"),
    "epsilon as text is spent": (lambda: Budget(1).spend("0.1", "count"), "epsilon must be"),
    "no epsilon is spent": (lambda: Budget(1).spend(None, "count"), "got None"),
    "a seed as text": (lambda: Budget(1, seed="5"), "seed must be a whole number"),
    # attacks
    "hash of a list": (lambda: plain_hash(["a"]), "values must be a Series"),
    "hash of a text": (lambda: plain_hash("a"), "got str"),
    "hash of lists": (lambda: plain_hash(LISTS["sex"]), "hold a list or the like in values"),
    "tokens in a list": (lambda: dictionary_attack(["a"], SEX), "tokens must be a Series"),
    "candidates in a list": (lambda: dictionary_attack(SEX, ["F"]), "candidates must be"),
    "link on nothing": (
        lambda: linkage_attack(PEOPLE, PEOPLE, on=None, record="customer_id"),
        "on must be a list, such as",
    ),
    "link on lists": (
        lambda: linkage_attack(LISTS, LISTS, on="sex", record="age", person="customer_id"),
        "hold a list or the like in sex",
    ),
    "records in lists": (
        lambda: linkage_attack(LISTS, PEOPLE, on="age", record="sex", person="customer_id"),
        "hold a list or the like in sex",
    ),
    "secrets in lists": (
        lambda: homogeneity_attack(LISTS, PEOPLE, on="age", sensitive="sex", person="customer_id"),
        "hold a list or the like in sex",
    ),
    "no targets": (
        lambda: differencing_attack(PEOPLE, **HAS | {"targets": None}),
        "targets must be a list",
    ),
    "a target in a list too many": (
        lambda: differencing_attack(PEOPLE, **HAS | {"targets": [[0]]}),
        r"no person \[0\]",
    ),
    "values in a list": (
        lambda: differencing_attack(PEOPLE, **HAS | {"value": ["F"]}),
        "one value of the column; got list",
    ),
    "an answer that is no function": (
        lambda: differencing_attack(PEOPLE, **HAS, answer=5),
        "answer must be a function",
    ),
    "an answer with its error": (
        lambda: differencing_attack(
            PEOPLE, **HAS, answer=lambda rows: noisy_count(rows, epsilon=1, budget=Budget(1))
        ),
        r"\.value; got Noisy",
    ),
    "averages in a dict": (
        lambda: membership_attack(PANEL, {"tea": 0.5}, PANEL.mean()),
        "published must be a Series",
    ),
    "averages as text": (
        lambda: membership_attack(PANEL, pd.Series({"tea": "half"}), PANEL.mean()),
        "published must hold numbers",
    ),
    "no reference": (lambda: membership_attack(PANEL, PANEL.mean(), None), "reference must be"),
    "a panel of text": (
        lambda: membership_attack(PANEL.astype("str"), PANEL.mean(), PANEL.mean()),
        "tea must hold numbers",
    ),
    "answers as text": (lambda: attacker_advantage(["a"] * 4, [1] * 4), "inside must hold numbers"),
    # anonymity and loss
    "no quasi-identifiers": (lambda: k_anonymity(PEOPLE, quasi=None), "quasi must be a list"),
    "a number for quasi-identifiers": (lambda: risk_by_quasi(PEOPLE, quasi=5), "got 5"),
    "people in a list": (lambda: k_anonymity([1], quasi="age"), "a DataFrame is needed"),
    "lists to look alike in": (
        lambda: k_anonymity(LISTS, quasi="sex"),
        r"4 row\(s\) hold a list or the like in sex: \[0, 1, 2, 3\].*map",
    ),
    "diversity of lists": (lambda: l_diversity(LISTS, quasi="age", sensitive="sex"), "hold a list"),
    "closeness of lists": (lambda: t_closeness(LISTS, quasi="age", sensitive="sex"), "hold a list"),
    "a table by nothing": (lambda: published_table(PEOPLE, by=None), "by must be a list"),
    "a table of lists": (lambda: published_table(LISTS, by="sex"), "hold a list or the like"),
    "intervals of nothing": (lambda: cell_intervals(None), "a DataFrame is needed"),
    "loss of lists": (lambda: information_loss(PEOPLE, LISTS, quasi="sex"), "hold a list"),
    "no edges": (
        lambda: seen_by_band(PEOPLE, PEOPLE, **BANDS | {"edges": None}),
        "edges must be a list",
    ),
    "edges as words": (
        lambda: seen_by_band(PEOPLE, PEOPLE, **BANDS | {"edges": ["old", "young"]}),
        "edges must be such as age holds, int64",
    ),
    "bands of text": (
        lambda: seen_by_band(PEOPLE, PEOPLE, **BANDS | {"column": "sex"}),
        "sex must hold numbers",
    ),
    # models and ladders
    "boxes in no columns": (lambda: Mondrian(None, k=2).fit(PEOPLE), "quasi must be a list"),
    "boxes of unordered categories": (
        lambda: Mondrian("sex", k=2).fit(PEOPLE.astype({"sex": "category"})),
        r"sex must hold values that have an order; got category.*astype\('str'\)",
    ),
    "boxes of mixed values": (
        lambda: Mondrian("sex", k=2).fit(PEOPLE.assign(sex=["F", 1, "M", 2])),
        "have an order; got object",
    ),
    "boxes of lists": (lambda: Mondrian("sex", k=2).fit(LISTS), "hold a list or the like"),
    "l as text": (lambda: Mondrian("age", k=2, l="2").fit(PEOPLE), "got l='2'"),
    "no t": (lambda: Mondrian("age", k=2, t=None).fit(PEOPLE), "and t=None"),
    "names without ladders": (lambda: FullDomain(["age"], k=2), "hierarchies must be a dict"),
    "a ladder not called": (
        lambda: FullDomain({"sex": whole}, k=2),
        r"the ladder of sex must be a Hierarchy, such as whole\(\); got function",
    ),
    "a share as text": (
        lambda: FullDomain(LADDERS, k=2, max_suppressed="0.1").fit(PEOPLE),
        "max_suppressed must lie",
    ),
    "no ladders": (lambda: risk_utility(PEOPLE, None, ks=[2], **BANDS), "hierarchies must be"),
    "one k without a list": (
        lambda: risk_utility(PEOPLE, LADDERS, ks=2, **BANDS),
        r"ks must be a list, such as \[2, 5, 10\]; got 2",
    ),
    "a ladder of days for text": (
        lambda: FullDomain({"sex": dates()}, k=2).fit(PEOPLE),
        "sex must hold dates",
    ),
    "a ladder of numbers for text": (lambda: LADDERS["age"](SEX, 1), "sex must hold numbers"),
    "a ladder of codes for numbers": (
        lambda: FullDomain({"age": prefixes(1)}, k=2).fit(PEOPLE),
        r"age must hold text; got int64.*frame\['age'\].astype\('str'\)",
    ),
    "a ladder for a list": (lambda: whole()(["F"], 0), "values must be a Series"),
    "a step as text": (lambda: whole()(SEX, "1"), "there is no step 1"),
    "years without a list": (lambda: dates(years=5), "years must be a list"),
    "no widths": (lambda: numbers(widths=None), "widths must be a list"),
    "lengths of two kinds": (lambda: prefixes("5", 4), "must be a whole number; got '5'"),
    # the gate
    "a policy of nothing": (lambda: Policy(None), "purposes must be a dict.*got NoneType"),
    "a policy in a list": (lambda: Policy(["evaluation"]), "got list"),
    "a column without a list": (
        lambda: Policy({"evaluation": "age"}),
        r"what evaluation needs must be a list, such as \['age'\]; got 'age'",
    ),
    "nothing that is needed": (lambda: Policy({"evaluation": None}), "got None"),
    "a secret without a list": (
        lambda: Policy({"evaluation": ["note"]}, sensitive="note"),
        "sensitive must be a list",
    ),
    "a gate without a policy": (lambda: gate(policy=None), "policy must be a Policy"),
    "a gate with rules in a dict": (lambda: gate(policy={"evaluation": ["age"]}), "got dict"),
    "days last seen as text": (
        lambda: gate(PEOPLE.assign(last_seen_on="2024-06-01")),
        "last_seen_on must hold dates",
    ),
    "consents on no day": (
        lambda: gate(consents=CONSENTS.assign(given_on="once")),
        "given_on must hold dates such as",
    ),
    "consents in a time zone": (
        lambda: gate(consents=CONSENTS.assign(given_on=pd.Timestamp("2024-01-01", tz="UTC"))),
        "given_on must hold dates without a time zone",
    ),
    "a clock that stands": (lambda: gate(clock=5), "clock must be a function"),
    "a log in a number": (lambda: gate(log_file=5), "log_file must be a path"),
    "a question about nothing": (lambda: asked(columns=None), "columns must be a list"),
    "two purposes at once": (lambda: asked(purpose=["evaluation"]), "purpose must be a text"),
    # the vault
    "pseudonyms of no column": (
        lambda: pseudonymise(PEOPLE, None, key=KEY),
        "columns must be a list",
    ),
    "pseudonyms of lists": (lambda: pseudonymise(LISTS, "sex", key=KEY), "hold a list or the like"),
    "people numbered by lists": (lambda: Vault(LISTS, id="sex"), "hold a list or the like"),
    "keys from a number": (lambda: vault(random_bytes=5), "random_bytes must be a function"),
    "released for nothing": (lambda: vault().release(PEOPLE, purpose=None), "must be a text"),
    "released for two": (lambda: vault().release(PEOPLE, purpose=["a", "b"]), "must be a text"),
    "who is nobody": (lambda: vault().who(SEX, purpose=["evaluation"]), "must be a text"),
    "tokens of a list": (lambda: vault().who(["A"], purpose="evaluation"), "tokens must be"),
    "a rotation of nothing": (lambda: vault().rotate(None), "must be a text"),
    "saved nowhere": (lambda: vault().save(keys=None, identities="i"), "keys must be a path"),
    # simulators
    "a town of some areas": (lambda: simulate_people(9, areas="20", seed=5), "areas must lie"),
    "a town of a word": (lambda: simulate_people(9, seed="five"), "seed must be a whole number"),
    "a panel below zero": (lambda: simulate_panel(9, members=2, seed=-1), "got -1"),
    "some members": (lambda: simulate_panel(9, members="2", seed=5), "members must lie"),
    "a panel of some": (lambda: simulate_panel("9", members=2, seed=5), "n must be a whole"),
}


@pytest.mark.parametrize(("call", "words"), CALLS.values(), ids=CALLS)
def test_refuses_in_words(call, words):
    with pytest.raises(CrmlabError, match=words):
        call()


def test_nothing_is_spent_by_what_is_refused():
    budget = Budget(1)
    with pytest.raises(CrmlabError, match="must hold numbers"):
        noisy_sum(SEX, low=0, high=5, epsilon=1, budget=budget)
    with pytest.raises(CrmlabError, match="epsilon must be"):
        budget.spend("0.1", "count")
    assert budget.left == 1


def test_true_and_false_can_be_summed_and_an_endless_spender_is_hidden_as_before():
    one = noisy_sum(SPEND > 2, low=0, high=1, epsilon=1e3, budget=Budget(1e3, seed=5))
    assert one.value == pytest.approx(2, abs=0.05)
    spend = pd.Series([1.0, np.inf])
    capped = noisy_sum(spend, low=0, high=2, epsilon=1e3, budget=Budget(1e3, seed=5))
    assert capped.value == pytest.approx(3, abs=0.05)


def test_one_target_may_be_named_without_a_list():
    named = PEOPLE.set_index(pd.Index(["Ann", "Bob", "Cy", "Di"]))
    found = differencing_attack(named, column="sex", value="F", targets="Bob")
    assert found["person"].tolist() == ["Bob"]


def test_ordered_categories_have_boxes_and_categories_of_text_have_prefixes():
    sizes = pd.CategoricalDtype(["S", "L"], ordered=True)
    people = pd.DataFrame({"size": list("SSLL")}).astype(sizes)
    assert Mondrian("size", k=2).fit(people).boxes_["size"].tolist() == ["S", "L"]
    codes = pd.Series(["001203"], dtype="category")
    assert prefixes(3)(codes, 1).tolist() == ["001…"]


def test_a_refused_question_of_an_unknown_purpose_is_logged():
    one = gate()
    with pytest.raises(NotAllowedError, match="not allowed"):
        one.ask(["age"], purpose="resale", who="Ann")
    assert one.log["purpose"].tolist() == ["resale"]


def test_a_list_among_single_values_is_found_by_its_row():
    with pytest.raises(BadRowsError, match=r"1 row\(s\) hold .*\[2\]"):
        k_anonymity(PEOPLE.assign(sex=["F", None, ["M"], "M"]), quasi="sex")
