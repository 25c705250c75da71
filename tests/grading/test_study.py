"""Researcher mode: answers over many worlds, their bias and their interval's coverage."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from crmlab.classroom.solve import world
from crmlab.classroom.source import ExerciseError, read
from crmlab.classroom.strip import notebook_text
from crmlab.cli import main
from crmlab.grading import study as room
from crmlab.grading.study import COLUMNS, answers, draw_study, read_answers, study, summary

SHOP = Path(__file__).parents[1] / "exercises" / "source" / "90_shop.py"


@pytest.fixture(scope="module")
def shop():
    return read(SHOP)


@pytest.fixture(scope="module")
def found(shop):
    return answers(shop, range(300))


# by hand


def test_a_summary_of_three_worlds_by_hand():
    rows = [
        (0, "1", 1.0, 2.0, 0.0, 2.5),
        (1, "1", 2.0, 2.0, 1.0, 3.0),
        (2, "1", 6.0, 2.0, 4.0, 8.0),
    ]
    table = summary(pd.DataFrame(rows, columns=COLUMNS)).iloc[0]
    assert (table["worlds"], table["mean"], table["q50"], table["bias"]) == (3, 3.0, 2.0, 1.0)
    assert table["bias_se"] == pytest.approx(np.sqrt(7) / np.sqrt(3))
    assert table["coverage"] == pytest.approx(2 / 3)
    assert table["coverage_se"] == pytest.approx(np.sqrt(2 / 9 / 3))


def test_without_truth_or_interval_bias_and_coverage_are_missing():
    rows = pd.DataFrame([(0, "1", 1.0), (1, "1", 2.0)], columns=COLUMNS[:3]).reindex(
        columns=COLUMNS
    )
    table = summary(rows.astype({"truth": float, "low": float, "high": float})).iloc[0]
    assert np.isnan([table["truth"], table["bias"], table["coverage"]]).all()
    assert table["mean"] == 1.5


# against the formula


def test_the_mean_of_a_sample_is_unbiased_and_its_interval_holds_the_truth(shop, found):
    table = summary(found).set_index("question").loc["90.1"]
    # 40 draws of Gamma(2, 50): mean 100, standard deviation 50 sqrt(2); 300 worlds.
    assert abs(table["bias"]) <= 3 * 50 * np.sqrt(2) / np.sqrt(40 * 300)
    assert table["sd"] == pytest.approx(50 * np.sqrt(2 / 40), rel=3 / np.sqrt(2 * 300))
    spend = [world(shop, seed).data["spend"] for seed in range(300)]
    held = [abs(each.mean() - 100) <= 2 * each.sem() for each in spend]
    assert table["coverage"] == pytest.approx(np.mean(held))


def test_questions_that_ask_for_a_table_are_left_out(found):
    assert {*found["question"]} == {"90.1"}


def test_the_figure_has_a_panel_per_question_with_the_truth(found):
    (ax,) = draw_study(found).axes
    assert ax.get_xlabel() == "Answer to 90.1"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["mean answer", "truth"]
    (bare,) = draw_study(found.assign(truth=np.nan)).axes
    assert [text.get_text() for text in bare.get_legend().get_texts()] == ["mean answer"]


def test_worlds_without_a_truth_or_an_answer_are_left_out_and_counted():
    nan = float("nan")
    rows = [
        (0, "1", 1.0, 2.0, 0.0, 1.5),
        (1, "1", 4.0, 2.0, 1.0, 3.0),
        (2, "1", 6.0, nan, 4.0, 8.0),
        (3, "1", nan, 2.0, nan, nan),
    ]
    table = summary(pd.DataFrame(rows, columns=COLUMNS)).iloc[0]
    assert table[["worlds", "answered", "truths", "intervals"]].tolist() == [4, 3, 2, 2]
    # Answer less truth is -1 and 2: mean 0.5, standard deviation 3 / sqrt(2), over two worlds.
    assert (table["bias"], table["coverage"]) == (0.5, 0.5)
    assert table["bias_se"] == pytest.approx(3 / 2)
    assert table["coverage_se"] == pytest.approx(np.sqrt(1 / 8))
    assert table["mean"] == pytest.approx(11 / 3)


def test_the_truth_of_a_world_is_asked_of_that_world(tmp_path):
    text = SHOP.read_text(encoding="utf-8").replace('truth="100"', "truth=\"world['mean_spend']\"")
    text = text.replace("[100.0]", "[seed if seed else None]")
    path = tmp_path / "91_truths.py"
    path.write_text(text.replace("90", "91"), encoding="utf-8")
    exercise = read(path)
    assert answers(exercise, range(3))["truth"].tolist()[1:] == [1.0, 2.0]
    assert summary(answers(exercise, range(3))).loc[0, "truths"] == 2
    assert "mean_spend']" not in notebook_text(exercise)


# running it


def test_after_a_change_of_the_source_nothing_old_is_kept(tmp_path):
    where, found = tmp_path / "study.csv", []
    for number, change in enumerate([".mean()", ".mean()", ".median()"]):
        text = SHOP.read_text(encoding="utf-8").replace(
            '= mine["spend"].mean()', f'= mine["spend"]{change}'
        )
        path = tmp_path / f"90_shop{number}.py"
        path.write_text(text, encoding="utf-8")
        assert sum(study(read(path), where, worlds=10, jobs=1)) == 10
        found.append(read_answers(where)["answer"])
    assert found[0].equals(found[1])
    assert not found[0].eq(found[2]).any()
    assert len(found[2]) == 10


def test_a_run_cut_short_goes_on_and_ends_the_same(shop, found, tmp_path, monkeypatch):
    path = tmp_path / "deep" / "shop.csv"
    assert sum(study(shop, path, worlds=30, jobs=1)) == 30
    seen = []
    real = room.answers
    monkeypatch.setattr(room, "answers", lambda e, seeds, **_: seen.extend(seeds) or real(e, seeds))
    assert sum(study(shop, path, worlds=50, jobs=1)) == 50
    assert sorted(seen) == [*range(30, 50)]
    pd.testing.assert_frame_equal(
        read_answers(path), found.query("seed < 50").reset_index(drop=True), check_dtype=False
    )


def test_two_processes_find_the_same_as_one(shop, found, tmp_path):
    assert sum(study(shop, tmp_path / "two.csv", worlds=40, jobs=2)) == 40
    again = read_answers(tmp_path / "two.csv")
    expected = found.query("seed < 40").reset_index(drop=True)
    pd.testing.assert_frame_equal(again, expected, check_dtype=False)


def test_the_command_writes_tables_and_a_figure_for_any_source(tmp_path):
    arguments = [
        "course",
        "study",
        str(SHOP),
        "--worlds",
        "5",
        "--jobs",
        "1",
        "--out",
        str(tmp_path),
    ]
    run = CliRunner().invoke(main, arguments)
    assert run.exit_code == 0, run.output
    assert "90.1" in run.output
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"90_shop.csv", "90_shop_summary.csv", "90_shop.png"}


# when misused


def test_a_chapter_that_is_not_there_is_not_another():
    run = CliRunner().invoke(main, ["course", "study", "06_mine", "--worlds", "2"])
    assert run.exit_code == 1
    assert "there is no exercise for chapter '06_mine'" in run.output


def test_an_exercise_without_own_data_cannot_be_studied(tmp_path):
    text = '# %% [markdown] objective="x"\n# **91.1** x\n\n# %% tags=["solution"]\nx = 1\n\n'
    (tmp_path / "91_small.py").write_text(text + '# %%\ncheck("91.1", x)\n', encoding="utf-8")
    with pytest.raises(ExerciseError, match="asks nothing about own data"):
        answers(read(tmp_path / "91_small.py"), [1])
