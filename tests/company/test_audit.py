"""check_company: believable worlds pass, and each planted fault is found by its sentence."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from crmlab.cli import main
from crmlab.company import (
    Scenario,
    check_company,
    load_company,
    simulate_company,
    write_company,
)
from crmlab.company.audit.check import LAWS, RULES

WILD = Scenario(
    churn=2.5, promotions=120, targeted_share=0.9, overcontact_dropout=0.2, failure_rate=0.3,
    failure_dropout=0.6, fan_share=0.9, seller_share=0.3, served_share=0.8, sensitive=True,
    default_rate=0.4, edit_share=0.3, missing_share=0.3, duplicate_share=0.4, stale_share=0.4,
    organisations_per_1000=200,
)  # fmt: skip
CALM = Scenario.calm(
    concentration=0.8, referral_share=0.1, consent_share=0.3, card_rate=0.9, card_rate_harder=0.1
)
SCENARIOS = {"usual": Scenario(), "wild": WILD, "calm": CALM}
SEEDS = range(20)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.slow
def test_every_sentence_holds_in_twenty_worlds(name):
    off = []
    for seed in SEEDS:
        audit = check_company(*simulate_company(150, seed=seed, scenario=SCENARIOS[name]),
                              SCENARIOS[name])  # fmt: skip
        assert not audit.unread
        kinds = audit.sentences.set_index("sentence")["kind"]
        assert [said for said in audit.broken if kinds[said] != "law"] == []
        off += [said for said in audit.broken if kinds[said] == "law"]
    # 20 worlds of 16 laws at three standard errors: 0.9 are broken by luck, 5 with chance 0.002.
    assert len(off) < 5, off


def test_the_shipped_firm_and_a_firm_without_stories_are_believable():
    assert check_company(*load_company(), Scenario())
    none = Scenario(promotions=0, fan_share=0, seller_share=0, referral_share=0, failure_rate=0,
                    consent_share=0, card_rate=0, card_rate_harder=0)  # fmt: skip
    assert check_company(*simulate_company(60, seed=1, scenario=none), none)


def test_there_are_sixty_sentences_and_more_beside_the_dictionary_all_different():
    said = [one.said for one in (*RULES, *LAWS)]
    assert len({*said}) == len(said) > 60
    assert all(one.endswith(".") for one in said)


# planted faults


@pytest.fixture(scope="module")
def hehua():
    return simulate_company(400, seed=2)


def broken(hehua, **tables):
    company, truth = hehua
    return check_company(replace(company, **tables), truth).broken


def test_cash_paid_online_is_found_with_its_rows(hehua):
    company = hehua[0]
    online = company.purchases.loc[company.purchases["channel"] == "online", "purchase_id"]
    paid = company.payments.copy()
    paid.loc[paid["purchase_id"].isin(online[:3]), "method"] = "cash"
    found = broken(hehua, payments=paid)["Nobody pays cash online."]
    assert {*found["purchase_id"]} == {*online[:3]}


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("complaints", "complained_on", pd.Timestamp("2023-01-01"),
         "Nobody complains of what has not arrived."),
        ("ratings", "rated_on", pd.Timestamp("2023-01-01"), "Nobody rates what has not arrived."),
        ("returns", "returned_on", pd.Timestamp("2023-01-01"),
         "Nothing is given back before it has arrived."),
        ("records", "updated_on", pd.Timestamp("2022-01-01"),
         "No record was written before its customer joined."),
        ("fans", "followed_on", pd.Timestamp("2022-06-01"),
         "Fans follow after joining, and while they are customers."),
        ("repayments", "due_cny", 0.01,
         "Loans bear interest: what falls due is more than what was lent."),
        ("purchases", "date", pd.Timestamp("2022-01-01"), "All purchases lie within the window."),
        ("statements", "cash_cny", 1.0, "Assets are liabilities and equity, to the fen."),
        ("promotions", "type", "print",
         "A promotion's type fits its medium: no print on the radio."),
        ("people", "tenure_years", 70.0, "Nobody has worked since before the age of 18."),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found_by_its_sentence(table, column, value, said, hehua):
    frame = getattr(hehua[0], table)
    assert said in broken(hehua, **{table: frame.assign(**{column: value})})
    assert said not in broken(hehua)


def test_without_truth_or_scenario_less_is_checked_and_it_is_said(hehua):
    audit = check_company(hehua[0])
    assert audit
    assert "The share of failed purchases is the scenario's." in audit.unread
    assert "could not be checked" in str(audit)


def test_another_scenario_than_the_worlds_is_noticed(hehua):
    audit = check_company(*hehua, Scenario(failure_rate=0.2))
    assert "The share of failed purchases is the scenario's." in audit.broken
    assert abs(audit.sentences["z"].astype(float)).max() > 3


# on disk


def test_the_command_checks_a_world_and_a_changed_one(tmp_path):
    folder = tmp_path / "world"
    write_company(folder, 120, seed=3, scenario={"churn": 1.5})
    done = CliRunner().invoke(main, ["company", "--check", str(folder)])
    assert done.exit_code == 0, done.output
    assert "sentences hold" in done.output
    part = folder / "payments" / "part-00000.parquet"
    paid = pd.read_parquet(part)
    paid["amount_cny"] = np.where(paid.index < 2, 1.0, paid["amount_cny"])
    paid.to_parquet(part)
    done = CliRunner().invoke(main, ["company", "--check", str(folder)])
    assert done.exit_code == 1
    assert "Everything bought or given back is paid on its day, to the fen." in done.output
