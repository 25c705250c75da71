"""`python -m crmlab` is the command `crmlab`, wherever that was put."""

from crmlab.cli import main

if __name__ == "__main__":
    main(prog_name="python -m crmlab")
