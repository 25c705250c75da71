"""The two widgets: their pictures are pure, and a slider that moves draws anew."""

from crmlab.collection import (
    explore_methods,
    explore_weighting,
    methods_picture,
    weighting_picture,
)


def moved(widget, values):
    """Move every slider of a widget; return what its picture was before and after."""
    *sliders, picture = widget.children
    before = picture.value
    for slider, value in zip(sliders, values, strict=True):
        slider.value = value
    return before, picture.value


def means(**values):
    ax = weighting_picture(**values).axes[0]
    return [float(line.lines[0].get_xdata()[0]) for line in ax.containers]


def test_money_lowers_the_standard_error_and_leaves_the_bias():
    before, after = moved(explore_methods(), [50_000, 0.0])
    assert "20,000 yuan, online bias 0.30" in before
    assert "50,000 yuan, online bias 0.00" in after

    def points(**values):
        ax = methods_picture(**values).axes[0]
        (line,) = [line for line in ax.lines if line.get_label() == "can say how many"]
        return line.get_xydata()

    poor, rich = (points(budget=money, by_score=0.3) for money in (20_000, 80_000))
    assert sorted(poor[:, 0].round(9)) == sorted(rich[:, 0].round(9))
    assert sum(rich[:, 1]) < 0.6 * sum(poor[:, 1])


def test_weighting_mends_what_age_does_and_not_what_the_answer_does():
    before, after = moved(explore_weighting(), [0.0, 0.4])
    assert "by age 0.6, by answer 0.0" in before
    assert "by age 0.0, by answer 0.4" in after
    answered, weighted = means(by_age=0.8, by_score=0.0)
    assert abs(weighted - 60) < abs(answered - 60) / 2
    answered, weighted = means(by_age=0.0, by_score=0.4)
    assert answered > 62.5
    assert weighted > 62.5
