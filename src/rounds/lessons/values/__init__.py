"""Values as data: what leaves a learner's process, and what is made of it elsewhere.

    encode_value(value) -> bytes        in the learner's process; code of the learner may have changed anything there
    decode_value(data) -> value         elsewhere; the bytes are believed in nothing

JSON for what is small, and each column or array as its plain numbers beside it: no pickle, and no parser but Python's
own JSON reads what a stranger wrote.  What is no data (a model, an open file) arrives as a stand-in that knows the name
of its type and nothing else.
"""
