"""Researcher mode: answers over many worlds, their bias and their interval's coverage."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from crmlab.classroom.solve import world
from crmlab.classroom.source import ExerciseError, read
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


# running it


def test_a_run_cut_short_goes_on_and_ends_the_same(shop, found, tmp_path, monkeypatch):
    path = tmp_path / "deep" / "shop.csv"
    assert sum(study(shop, path, worlds=30, jobs=1)) == 30
    seen = []
    real = room.answers
    monkeypatch.setattr(room, "answers", lambda e, seeds: seen.extend(seeds) or real(e, seeds))
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


def test_the_command_writes_tables_and_a_figure(tmp_path, monkeypatch, shop):
    monkeypatch.setattr("crmlab.classroom.source.find", lambda _: shop)
    arguments = ["course", "study", "90", "--worlds", "5", "--jobs", "1", "--out", str(tmp_path)]
    run = CliRunner().invoke(main, arguments)
    assert run.exit_code == 0, run.output
    assert "90.1" in run.output
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"90_shop.csv", "90_shop_summary.csv", "90_shop.png"}


# when misused


def test_an_exercise_without_own_data_cannot_be_studied(tmp_path):
    text = '# %% [markdown] objective="x"\n# **91.1** x\n\n# %% tags=["solution"]\nx = 1\n\n'
    (tmp_path / "91_small.py").write_text(text + '# %%\ncheck("91.1", x)\n', encoding="utf-8")
    with pytest.raises(ExerciseError, match="asks nothing about own data"):
        answers(read(tmp_path / "91_small.py"), [1])
