"""The runner: a submission's cells in a forked process of their own, which gives values and no verdicts.

It takes the place of nbgrader's `Execute` by configuration; what it reports is outputs for the mentor to see, and
values for the judge.  A learner's code can make it lie, and spoils its own marks alone.
"""
