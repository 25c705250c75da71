"""The seven cues of experience analysis, and the word for a lead that follows none."""

# 经验分析法: what an experienced salesperson takes as a sign that an account will need something.
CUES = (
    "major festivals",
    "government activities",
    "local resource strengths",
    "the firm's development",
    "competitors' shortcomings",
    "customers' opinions",
    "business linkages",
)
NO_CUE = "at random"
