"""define_fields: every field stands in the dictionary and has both reasons."""

import pytest

from crmlab.errors import UnknownNameError
from crmlab.identity import define_fields


@pytest.mark.curriculum("S47")
@pytest.mark.parametrize("kind", ["individual", "organisation"])
@pytest.mark.parametrize("purpose", ["recognise", "deliver", "give credit"])
def test_each_field_is_in_the_dictionary_and_answers_both_principles(purpose, kind):
    table = define_fields(purpose, kind)
    assert [*table.columns] == ["table", "field", "meaning", "meaning_zh", "need", "nature"]
    assert table.notna().all().all()
    assert not table.eq("").any().any()
    assert not table.duplicated(["table", "field"]).any()


def test_a_person_is_recognised_by_what_the_records_hold():
    assert define_fields("recognise")["field"].tolist() == [
        "name", "phone", "email", "birth_date", "line",
    ]  # fmt: skip


def test_names_an_unknown_purpose_and_kind():
    with pytest.raises(UnknownNameError, match="no purpose 'resale'"):
        define_fields("resale")
    with pytest.raises(UnknownNameError, match="no kind of customer 'pet'"):
        define_fields("deliver", "pet")
