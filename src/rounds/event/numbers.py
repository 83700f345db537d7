"""The numbers of privacy where an event file says nothing; only ``LOWEST_K`` holds whatever it says.

USUAL_K: the EMA (policy 0070) and Health Canada ask for a risk of at most 0.09, which is a class of 11 people.
LOWEST_K: below 5 no written override helps.  SMALLEST_CELL and ROUNDING: what leaves a room as a count.
"""

LOWEST_K, USUAL_K = 5, 11
SMALLEST_CELL, ROUNDING = 10, 5
