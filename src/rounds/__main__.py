"""`python -m rounds` is the command `rounds`."""

from rounds.cli import main

if __name__ == "__main__":
    main()
