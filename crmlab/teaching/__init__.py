"""What an author runs: notebooks, slides, pictures and data sets, built from their sources.

notebooks   notebooks/source/*.py -> executed notebooks, one per language
slides      built notebooks -> lecture slides that need no network
gallery     every picture of the package, drawn once to look at
reference   every public name, from its docstring; course, registries: the pages made beside it
new         begin a measure, a question or a topic in the house's form
datasets    the simulated data sets that ship

`python -m crmlab.teaching --help` lists the commands.
"""
