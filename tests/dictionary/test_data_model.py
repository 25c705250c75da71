"""Three classes of data, and every field of the curriculum's models, in the dictionary."""

import pandas as pd
import pytest

from crmlab.company import load_company
from crmlab.database.schema import metadata
from crmlab.dictionary import data_model, dictionary, schemas

# What the curriculum names, and the columns that hold it. A field that stands in two blocks there
# stands once here.
INDIVIDUAL = {
    "basic": {
        "name": "people.name",
        "address": "addresses.line",
        "gender": "people.gender",
        "birth date": "people.birth_date",
        "phone": "people.phone",
        "fax": "people.fax",
        "education": "people.education",
        "job type": "people.job_type",
        "income": "people.income_cny",
        "blood type": "people.blood_type",
    },
    "family": {
        "marital status": "people.marital_status",
        "family members": "households.members",
        "spouse's name": "households.spouse_name",
        "spouse's birthday": "households.spouse_birth_date",
        "spouse's character": "households.spouse_personality",
        "spouse's hobbies": "households.spouse_hobby",
        "children's names": "children.name",
        "children's ages and birthdays": "children.birth_date",
        "children's schooling": "children.schooling",
        "living with parents or not": "households.lives_with_parents",
    },
    "career": {
        "employer": "people.employer",
        "workplace": "people.workplace",
        "post": "people.post",
        "tenure": "people.tenure_years",
        "reason for leaving": "people.reason_for_leaving",
        "future plans": "people.future_plans",
    },
    "credit": {
        "card number": "people.bank_card",
        "card limit": "people.credit_limit_cny",
        "loyalty index": "people.loyalty_index",
        "potential consumption index": "people.potential_index",
        "customer type": "people.customer_type",
    },
    "behaviour and taste": {
        "lifestyle": "people.lifestyle",
        "hobbies": "people.hobby",
        "preference for our products": "people.favourite_category",
        "reaction to surveys": "people.survey_reaction",
        "reaction to promotions": "people.promotion_reaction",
        "preference for other products": "people.other_brand",
        "readiness to try new ones": "people.readiness_to_try",
    },
    "psychology and attitude": {
        "purchase motive": "people.motive",
        "personality": "people.personality",
        "beliefs and attitudes": "people.attitude",
    },
}
ORGANISATION = {
    "basic": {
        "name": "organisations.name",
        "head office or branch": "offices.kind",
        "address": "offices.line",
        "phone": "organisations.phone",
        "fax": "organisations.fax",
        "founding date": "organisations.founded_on",
        "industry": "organisations.industry",
        "standard industry code": "organisations.industry_code",
        "size, employees": "organisations.employees",
        "philosophy": "organisations.philosophy",
        "sales or service area": "organisations.sales_area",
        "image and reputation": "organisations.image",
        "registered capital": "organisations.registered_capital_cny",
        "annual sales": "organisations.annual_sales_cny",
        "other departments": "organisations.other_departments",
    },
    "people": {
        "main contact's name": "organisations.contact_name",
        "main contact's title": "organisations.contact_title",
        "main contact's channel": "organisations.contact_channel",
        "key decision-maker's name": "organisations.decision_maker_name",
        "key decision-maker's title": "organisations.decision_maker_title",
        "key decision-maker's channel": "organisations.decision_maker_channel",
        "senior manager's age": "organisations.senior_manager_age",
        "senior manager's character": "organisations.senior_manager_character",
        "senior manager's interests": "organisations.senior_manager_interest",
        "purchasing manager's age": "organisations.purchasing_manager_age",
        "purchasing manager's character": "organisations.purchasing_manager_character",
        "purchasing manager's interests": "organisations.purchasing_manager_interest",
    },
    "business status": {
        "sales capability": "organisations.sales_capability",
        "sales results": "organisations.sales_results_cny",
        "potential": "organisations.potential",
        "strengths": "organisations.strengths",
        "problems": "organisations.problems",
    },
    "trading": {
        "terms": "organisations.terms_days",
        "credit grade": "organisations.credit_grade",
        "closeness": "organisations.closeness",
        "willingness to cooperate": "organisations.willingness",
    },
    "behaviour": {
        "type": "organisations.type",
        "bank account": "organisations.bank_account",
        "credit limit": "organisations.credit_limit_cny",
        "payment record": "organisations.payment_record",
        "purchasing process": "organisations.purchasing_process",
        "contacts with competitors": "organisations.competitor_contacts",
        "loyalty index": "organisations.loyalty_index",
        "potential index": "organisations.potential_index",
        "openness to new products": "organisations.openness_to_new",
    },
}
# Fields of the two models that tables of another class hold.
ELSEWHERE = {
    "kind of purchase": "purchases.category",
    "amount of purchase": "purchases.amount",
    "channel of purchase": "purchases.channel",
    "revenue of an organisation": "statements.sales_cny",
    "profit of an organisation": "statements.net_profit_cny",
}
PROMOTION = {
    "type": "promotions.type",
    "description": "promotions.description",
    "medium": "promotions.medium",
    "time, even the hour": "promotions.starts_at",
    "intention: target customers": "promotions.audience",
    "intention: why this design": "promotions.intention",
    "design: colour": "promotions.colour",
    "fixed cost": "promotions.fixed_cost_cny",
    "variable cost": "promotions.variable_cost_cny",
}
TRANSACTION = {
    "history and frequency": "purchases.date",
    "quantity": "lines.quantity",
    "amount, from which the cumulative one": "purchases.amount",
    "delivery requirements": "deliveries.requirement",
    "specification": "products.size",
    "buying process": "purchases.store",
    "payment method": "payments.method",
    "services given": "contacts.channel",
    "product rating": "ratings.product",
    "service rating": "ratings.service",
    "past problems and complaints": "complaints.cause",
    "return requests": "returns.reason",
}
INDIVIDUAL_TABLES = {"people", "households", "addresses", "children"}
ORGANISATION_TABLES = {"organisations", "offices"}


def by_name(table):
    """The fields of the dictionary, known by table and name."""
    return table.set_index(table["table"] + "." + table["field"])


@pytest.fixture(scope="module")
def model():
    return by_name(data_model())


@pytest.mark.curriculum("S37")
def test_each_field_belongs_to_one_of_three_classes(model):
    assert {*model["data_class"]} == {"descriptive", "promotion", "transaction"}
    assert model.index.is_unique
    columns = [f"{table.name}.{column.name}" for table in metadata.tables.values()
               for column in table.columns]  # fmt: skip
    assert sorted(columns) == sorted(model.index)


def test_only_truths_have_no_class():
    without = [name for name, schema in schemas().items() if "data_class" not in schema]
    assert without
    assert all(name.startswith("truth_") for name in without)
    assert not {*without} & {*metadata.tables}
    assert {*dictionary("truth_fans")["data_class"]} == {""}


@pytest.mark.curriculum("S38")
def test_the_individual_model_has_all_its_fields_in_six_blocks():
    model = by_name(data_model())
    own = model[model["table"].isin(INDIVIDUAL_TABLES)]
    assert {*own["block"]} == {*INDIVIDUAL}
    assert len(INDIVIDUAL) == 6
    for block, fields in INDIVIDUAL.items():
        assert {*fields.values()} <= {*own.index[own["block"] == block]}, block


@pytest.mark.curriculum("S39")
def test_the_organisation_model_has_all_its_fields_in_five_blocks():
    model = by_name(data_model())
    own = model[model["table"].isin(ORGANISATION_TABLES)]
    assert {*own["block"]} == {*ORGANISATION}
    assert len(ORGANISATION) == 5
    for block, fields in ORGANISATION.items():
        assert {*fields.values()} <= {*own.index[own["block"] == block]}, block


def test_blocks_are_of_the_two_models_only(model):
    blocked = {*model.loc[model["block"] != "", "table"]}
    assert blocked == INDIVIDUAL_TABLES | ORGANISATION_TABLES
    assert {*model.loc[model["block"] != "", "data_class"]} == {"descriptive"}
    assert {*ELSEWHERE.values()} <= {*model.index}


@pytest.mark.curriculum("S40")
def test_the_promotion_model_has_all_its_fields(model):
    assert {*PROMOTION.values()} <= {*model.index[model["data_class"] == "promotion"]}
    asked = {field["name"]: field["constraints"] for field in schemas()["promotions"]["fields"]}
    assert len(asked["type"]["enum"]) == 6
    assert len(asked["medium"]["enum"]) == 4


@pytest.mark.curriculum("S41")
def test_the_transaction_model_has_all_its_fields(model):
    assert {*TRANSACTION.values()} <= {*model.index[model["data_class"] == "transaction"]}
    returned = metadata.tables["returns"].c.purchase_id
    assert {one.target_fullname for one in returned.foreign_keys} == {"purchases.purchase_id"}


@pytest.mark.curriculum("S38")
def test_a_customer_is_existing_potential_or_lost():
    people = {field["name"]: field["constraints"] for field in schemas()["people"]["fields"]}
    assert people["customer_type"]["enum"] == ["existing", "potential", "lost"]


def test_sensitive_fields_are_in_the_model_and_off_by_default(model):
    company, _ = load_company()
    sensitive = model[model["meaning"].str.startswith("Sensitive")]
    assert [*sensitive.index] == [
        "people.blood_type",
        "people.medical_history",
        "people.bank_card",
        "organisations.bank_account",
    ]
    for name, field in zip(sensitive["table"], sensitive["field"], strict=True):
        assert getattr(company, name)[field].isna().all()
    assert company.children.empty
    assert not company.people.empty


def test_the_dictionary_of_a_table_is_its_part_of_the_model(model):
    for name in ("people", "offices", "targets"):
        part = model[model["table"] == name].drop(columns="table").reset_index(drop=True)
        pd.testing.assert_frame_equal(part, dictionary(name))
