"""read_survey: exports of survey tools in, answers on known scales and a report out."""

from io import BytesIO, StringIO

import numpy as np
import pandas as pd
import pytest

from crmlab.collection import precheck, simulate_questionnaires
from crmlab.data import read_survey
from crmlab.errors import (
    AmbiguousError,
    BadRowsError,
    EmptyError,
    MissingColumnsError,
    OutOfRangeError,
    UnreadableFileError,
)

PLAIN = "id,q1,q2,q3,city\n7,5,4,1,Wuhan\n8,2,,3,Wuhan\n9,1,2,5,Hefei\n"


def read(text, **said):
    return read_survey(StringIO(text), **said)


def survey(seed=1, n=60, scale=5):
    sheets, _ = simulate_questionnaires(n, careless=0.0, devoted=0.0, seed=seed)
    sheets = sheets.drop(columns="asked")
    items = [name for name in sheets if name.startswith("q")]
    if scale == 10:
        sheets[items] = sheets[items] * 2
    return sheets, items


# by hand


def test_a_plain_file_gives_answers_and_says_how_it_was_read():
    answers, report = read(PLAIN)
    assert answers.to_dict("list") == {
        "respondent_id": ["7", "8", "9"], "row": [2, 3, 4], "q1": [5, 2, 1],
        "q2": pytest.approx([4, np.nan, 2], nan_ok=True), "q3": [1, 3, 5],
        "city": ["Wuhan", "Wuhan", "Hefei"],
    }  # fmt: skip
    assert report.items == ("q1", "q2", "q3")
    assert report.scales == dict.fromkeys(report.items, (1, 5))
    assert "scale: 1-5" in str(report)
    assert "No faults found." in str(report)
    assert "3 questionnaires of 3 items on 1-5" in report._repr_html_()


def test_chinese_headings_words_and_reversed_items_of_a_chinese_tool_are_understood():
    text = (
        "序号,提交答卷时间,所用时间,来自IP,1、服务好,2、价格合理,3、太贵（反向）,总分\n"
        "1,2024/3/5 10:00,123秒,1.2.3.4,非常同意,同意,不同意,99\n"
        "2,2024/3/5 10:09,80秒,1.2.3.5,一般,不知道,非常不同意,88\n"
    )
    answers, report = read(text)
    assert report.items == ("1、服务好", "2、价格合理", "3、太贵（反向）")
    assert answers["1、服务好"].tolist() == [5, 3]
    assert answers["2、价格合理"].isna().tolist() == [False, True]
    assert answers["3、太贵（反向）"].tolist() == [4, 5]  # 2 and 1, turned
    assert report.reversed == ("3、太贵（反向）",)
    fault = report.fault("don't know")
    assert (fault.count, [*fault.rows], fault.samples) == (1, [3], ("不知道",))
    assert read(text, reversed=[]).answers["3、太贵（反向）"].tolist() == [2, 1]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("4", 4), ("4.0", 4), ("４", 4), (" 4 ", 4), ("4 - agree", 4), ("4分", 4), ("4、同意", 4),
     ("Agree (4)", 4), ("4 = agree", 4), ("Don’t know", None), ("N/A", None), ("说不清", None),
     ("", None)],
)  # fmt: skip
def test_a_cell_means_what_a_person_reads_in_it(cell, value):
    text = "id,q1\n" + "".join(f"{k},{k % 5 + 1}\n" for k in range(20)) + f'99,"{cell}"\n'
    found = read(text).answers["q1"].iloc[-1]
    assert found == value or (value is None and np.isnan(found))


@pytest.mark.parametrize(
    ("low", "high"), [(1, 5), (1, 7), (1, 9), (1, 10), (0, 10)], ids=lambda end: str(end)
)
def test_scales_of_five_to_eleven_points_are_found(low, high):
    body = "".join(f"{k},{v},{v}\n" for k, v in enumerate(range(low, high + 1)))
    report = read("id,q1,q2\n" + body).report
    assert report.scales["q1"] == (low, high)


def test_the_second_and_third_row_of_qualtrics_are_no_answers():
    text = (
        'ResponseId,Q1,Q2\nResponse ID,How was it?,And that?\n"{""ImportId"":""_recordId""}",'
        '"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"\nR_1,4,5\nR_2,2,1\n'
    )
    answers, report = read(text)
    assert answers["Q1"].tolist() == [4, 2]
    assert answers["row"].tolist() == [4, 5]
    assert "of Qualtrics" in str(report)


# several files, several formats


def test_csv_in_gb18030_and_excel_give_what_the_frame_gives(tmp_path):
    sheets, items = survey()
    named = sheets.rename(columns={"respondent_id": "序号"} | {q: f"{q}、满意" for q in items})
    wanted = read_survey(named).answers
    named.to_csv(tmp_path / "a.csv", index=False, encoding="gb18030")
    named.to_excel(tmp_path / "a.xlsx", index=False)
    named.to_csv(tmp_path / "a.tsv", index=False, sep="\t", encoding="utf-16")
    for name in ("a.csv", "a.xlsx", "a.tsv"):
        found = read_survey(tmp_path / name).answers
        pd.testing.assert_frame_equal(found.drop(columns="row"), wanted.drop(columns="row"))
        assert found["row"].tolist() == [*range(2, 62)]


def test_several_files_are_put_under_each_other_and_faults_say_in_which():
    one, other = PLAIN, PLAIN.replace("7,5", "17,不知道").replace("8,", "18,").replace("9,", "19,")
    answers, report = read_survey([StringIO(one), StringIO(other)])
    assert answers["file"].tolist() == ["the open file (1)"] * 3 + ["the open file (2)"] * 3
    assert answers["row"].tolist() == [2, 3, 4] * 2
    assert [*report.fault("don't know in the open file (2)").rows] == [2]
    assert report.rows == 6


def test_a_file_goes_on_to_the_pre_check(tmp_path):
    sheets, _ = simulate_questionnaires(300, seed=3)
    sheets.to_csv(tmp_path / "survey.csv", index=False)
    answers, report = read_survey(tmp_path / "survey.csv")
    checked = precheck(answers, items=[*report.items], asked="asked", scale=(1, 5))
    direct = precheck(sheets, items=[*report.items], asked="asked")
    assert len(report.items) == 20
    assert checked["reasons"].tolist() == direct["reasons"].tolist()


# faults, and following the remedy


def test_unknown_codes_are_refused_with_rows_and_saying_what_they_mean_leads_on():
    text = PLAIN.replace("9,1", "9,99")
    with pytest.raises(BadRowsError, match=r"\[4\], such as q1: 99.*not on 1-5.*dont_know=\[99\]"
                       ) as caught:  # fmt: skip
        read(text)
    assert caught.value.table.to_dict("records") == [
        {"file": "the open file", "row": 4, "item": "q1", "written": "99"}
    ]
    answers, report = read(text, dont_know=[99])
    assert np.isnan(answers["q1"].iloc[2])
    assert report.fault("don't know").count == 1
    dropped = read(text, unreadable="drop")
    assert np.isnan(dropped.answers["q1"].iloc[2])
    assert [*dropped.report.fault("unreadable answer").rows] == [4]


def test_all_that_is_refused_is_told_at_once():
    text = "id,q1,q2\n1,5,4\n2,often,3\n3,1,2\n4,2,3\n5,3,44\n6,4,5,2,1\n" + "7,4,4\n" * 9
    with pytest.raises(BadRowsError) as caught:
        read(text)
    assert caught.value.table["row"].tolist() == [3, 6, 7]
    answers, report = read(text, unreadable="drop")
    assert len(answers) == 14
    assert [*report.fault("torn row").rows] == [7]


def test_duplicates_blank_rows_and_silent_sheets_are_counted_and_nothing_is_dropped_unasked():
    text = PLAIN + "9,1,2,5,Hefei\n,,,,\n10,,,,Hefei\n"
    answers, report = read(text)
    assert len(answers) == 5
    assert report.blank_rows == 1
    assert [*report.fault("duplicate").rows] == [5]
    assert [*report.fault("no answers").rows] == [7]
    assert len(read(text, duplicates="drop", no_answers="drop").answers) == 3
    for argument in ("duplicates", "no_answers"):
        with pytest.raises(BadRowsError, match=f"Remedy: {argument}='keep' or 'drop'"):
            read(text, **{argument: "refuse"})


def test_scales_that_mix_1_5_and_0_10_are_refused_and_saying_each_leads_on():
    sheets, items = survey()
    mixed = sheets.assign(q4=sheets["q4"] * 2)
    with pytest.raises(AmbiguousError, match=r"on different scales \(.*1-10: \['q4'\]; rows \["):
        read_survey(mixed)
    report = read_survey(mixed, scale={"q4": (0, 10)}).report
    assert report.scales["q4"] == (0, 10)
    assert report.scales["q1"] == (1, 5)
    assert {*read_survey(mixed, scale=(1, 10)).report.scales.values()} == {(1, 10)}
    assert len(items) == 20


def test_files_on_different_scales_are_refused():
    one, _ = survey(1)
    other, _ = survey(2, scale=10)
    with pytest.raises(AmbiguousError, match=r"the files are on different scales.*read each apart"):
        read_survey([one, other])
    assert len(read_survey([one, other], scale=(1, 10)).answers) == 120


def test_files_with_different_items_are_refused_and_naming_the_common_ones_leads_on():
    sheets, _ = survey()
    other = sheets.rename(columns={"q1": "other"})
    with pytest.raises(AmbiguousError, match=r"different items: \['other', 'q1'\]. Name those"):
        read_survey([sheets, other])
    assert len(read_survey([sheets, other], items=["q2", "q3"]).answers) == 120


# files that mislead


def test_missing_cells_of_nullable_and_arrow_frames_are_no_answers():
    for kind in ("Int64", "int64[pyarrow]"):
        frame = pd.DataFrame({"id": [1, 2], "q1": pd.array([1, None], dtype=kind), "q2": [4, 5]})
        answers, report = read_survey(frame)
        assert answers["q1"].isna().tolist() == [False, True]
        assert not report.faults
    with pytest.raises(BadRowsError, match="q1: inf"):
        read_survey(pd.DataFrame({"q1": [1.0, np.inf, 3]}))


def test_numbers_of_respondents_stay_as_written_and_a_blank_one_is_nobodys_duplicate():
    text = "ResponseId,q1\nR_1aB,1\nR_1Ab,2\n,3\n,4\nR_1aB,5\n"
    answers, report = read(text, duplicates="drop")
    assert answers["respondent_id"].tolist() == ["R_1aB", "R_1Ab", "", ""]
    assert [*report.fault("duplicate").rows] == [6]


@pytest.mark.parametrize(
    "name",
    ["", "row", "Unnamed: 0", "customer_id", "编号", "編號", "Age", "What is your gender?",
     "2、您的性别是？", "3. 您的年龄段：", "月收入水平", "education level", "学历"],
)  # fmt: skip
def test_numbers_that_count_people_or_tell_who_they_are_are_no_answers(name):
    answers, report = read(f"q1,{name},q2\n5,1,4\n2,2,1\n3,3,2\n")
    assert report.items == ("q1", "q2")
    assert len(answers) == 3


@pytest.mark.parametrize(
    "name", ["q1", "Q2. Your city guide was helpful", "年轻人会喜欢", "Ageing"]
)
def test_statements_that_begin_like_facts_about_people_are_answers(name):
    assert name in read(f"id,{name},q0\n1,5,4\n2,2,1\n").report.items


def test_an_answer_of_read_survey_saved_is_read_as_the_same(tmp_path):
    answers, report = read(PLAIN)
    answers.to_csv(tmp_path / "again.csv", index=False)
    again = read_survey(tmp_path / "again.csv")
    assert again.report.items == report.items
    pd.testing.assert_frame_equal(again.answers[[*answers]], answers)
    with pytest.raises(AmbiguousError, match=r"\['row'\] cannot be items.*Rename"):
        read_survey(tmp_path / "again.csv", items=["row", "q1"])


@pytest.mark.parametrize(
    ("answers", "codes", "low_high"),
    [([1, 2, 3, 4, 5, 9], [9], (1, 9)), ([1, 5, 8, 9], [8, 9], (1, 9)), ([0, 1, 5], [0], (0, 10)),
     ([0, 1, 7], [0], (0, 10)), ([0, 3, 9], [0, 9], (0, 10))],
)  # fmt: skip
def test_numbers_that_may_be_codes_are_asked_about_and_either_remedy_leads_on(
    answers, codes, low_high
):
    text = "id,q1,q2\n" + "".join(f"{k},{a},{a}\n" for k, a in enumerate(answers))
    with pytest.raises(AmbiguousError) as caught:
        read(text)
    assert f"say scale={low_high}" in str(caught.value)
    assert f"say dont_know={codes}" in str(caught.value)
    assert read(text, scale=low_high).answers["q1"].tolist() == answers
    found = read(text, dont_know=codes)
    assert found.answers["q1"].isna().tolist() == [one in codes for one in answers]
    # In one item alone, they are not taken for a longer scale either.
    alone = "id,q1,q2\n" + "".join(f"{k},{a},{k % 5 + 1}\n" for k, a in enumerate(answers))
    with pytest.raises(AmbiguousError, match=r"different scales.*say dont_know=\["):
        read(alone)


@pytest.mark.parametrize("answers", [[0, 6, 8], [1, 6, 9], [7, 8, 9, 10], [0, 8], [6, 9]])
def test_answers_on_a_long_scale_are_not_taken_for_codes(answers):
    text = "id,q1\n" + "".join(f"{k},{a}\n" for k, a in enumerate(answers))
    assert read(text).answers["q1"].tolist() == answers


def test_words_of_seven_points_are_on_seven_though_nobody_ticked_the_ends():
    text = "id,q1 (R)\n1,somewhat disagree\n2,somewhat agree\n3,neutral\n"
    answers, report = read(text)
    assert report.scales["q1 (R)"] == (1, 7)
    assert answers["q1 (R)"].tolist() == [5, 3, 4]  # 8 less 3, 5 and 4


def test_words_stand_on_the_scale_that_is_said_and_on_no_other():
    text = "id,q1\n1,agree\n2,disagree\n"
    assert read(text).answers["q1"].tolist() == [4, 2]
    assert read(text, scale=(1, 7)).answers["q1"].tolist() == [6, 2]
    with pytest.raises(BadRowsError, match=r"such as q1: agree.*not on 0-10"):
        read(text, scale=(0, 10))
    with pytest.raises(BadRowsError, match=r"such as q1: 9.*not on 1-5"):
        read(text + "3,9\n4,strongly agree\n")


def test_one_word_off_the_ladder_is_one_bad_answer_and_not_a_lost_item():
    text = "id,q1\n" + "1,agree\n2,disagree\n" * 5 + "11,agreed\n"
    with pytest.raises(BadRowsError, match=r"1 row\(s\).*\[12\], such as q1: agreed"):
        read(text)
    assert read(text, unreadable="drop").answers["q1"].notna().sum() == 10


def test_each_ladder_of_words_is_told():
    said = str(read("id,q1,q2\n1,agree,satisfied\n2,disagree,very satisfied\n").report)
    assert "q1: strongly disagree = 1" in said
    assert "q2: very dissatisfied = 1" in said


def test_traditional_characters_are_read_as_simplified_ones():
    text = "編號,服務\n1,非常滿意\n2,不滿意\n3,說不清\n"
    answers, report = read(text)
    assert answers["服務"].tolist()[:2] == [5, 2]
    assert report.fault("don't know").count == 1
    assert report.columns == {"respondent_id": "編號"}


def test_commas_in_comments_do_not_hide_the_separator_and_decimal_commas_are_read():
    text = "id;q1;note\n1;4,0;good, well, fine, ok\n2;3,0;no, not at all, never\n"
    for separator in (";", "\t"):
        assert read(text.replace(";", separator)).answers["q1"].tolist() == [4, 3]


def test_rows_that_end_early_are_counted():
    answers, report = read("id,q1,q2\n1,4,5\n2,4\n3,1,2\n")
    assert answers["q2"].isna().tolist() == [False, True, False]
    assert str(report.fault("short row")) == "short row: 1 kept, row 3"


# when misused


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: read_survey(7), UnreadableFileError, "takes a path, an open file, a DataFrame"),
        (lambda: read_survey([]), EmptyError, "no file in the list"),
        (lambda: read_survey("none.csv"), UnreadableFileError, "there is no file none.csv"),
        (lambda: read("id,q1\n"), UnreadableFileError, "no rows below"),
        (lambda: read(PLAIN, items=["q9"]), MissingColumnsError, r"missing \['q9'\].*items="),
        (lambda: read(PLAIN, respondent="who"), MissingColumnsError, "respondent="),
        (lambda: read(PLAIN, reversed=["q9"]), MissingColumnsError, "q9"),
        (lambda: read(PLAIN, scale=(5, 1)), OutOfRangeError, "scale must be its two ends"),
        (lambda: read(PLAIN, scale={"q9": (1, 5)}), MissingColumnsError, "q9"),
        (lambda: read(PLAIN, unreadable="keep"), OutOfRangeError, "unreadable must be"),
        (lambda: read(PLAIN, dont_know="99"), OutOfRangeError, "dont_know must be a list"),
        (lambda: read(PLAIN, sheet=1), OutOfRangeError, "sheet=1 means nothing"),
        (lambda: read("name,city\nAnn,Wuhan\n"), MissingColumnsError, "no column of .* answers"),
        (lambda: read("q1,q1\n1,2\n"), MissingColumnsError, "more than one column called"),
        (lambda: read("<html><body>1</body></html>"), UnreadableFileError, "is a web page"),
        (lambda: read_survey(BytesIO(b"")), UnreadableFileError, "nothing left to read"),
    ],
)
def test_refuses_what_is_no_survey(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_text_from_a_file_is_escaped_in_the_report():
    report = read(PLAIN.replace("q1", "<b>q1</b>")).report
    assert "<b>q1" not in report._repr_html_()
