"""The judge: a process with the hidden checks and reference answers; it gets values as data and runs no learner's code.

    judge = Judge(course)                       started once, kept warm
    judge.judge("a3", Answer("e1", data))       a verdict: passed, and the sentence

Where an answer is a function, the judge asks for it to be called where it lives, with the judge's own inputs.
"""
