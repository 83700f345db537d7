"""The timeline that a draft proposes: the moments of the data, where the prediction stands, and what is known when.

A line is real only where nothing else can be meant; every guess is a comment, and what nobody confirmed is not known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rounds.custody.intake.inspection import Inspected
from rounds.custody.intake.omop import LATER, START, CdmTable, cdm_moment, cdm_position, cdm_timeline
from rounds.custody.signs.column_names import is_birth_date, is_birth_part, is_birth_year, words_of
from rounds.event import Challenge

AFTERWARDS = "afterwards"  # the last moment when the challenge calls its own "later"
MOST_CHOICES = 8
_TIME_WORDS = {"date", "time", "datetime", "timestamp", "ts", "dt", "at", "day", "moment"}
_FROM_BIRTH = re.compile(
    r"((patient|mother|maternal|child|baby) )?(sex|gender|race|ethnic(ity)?( group)?|age( years| yrs| y| in years)?)"
    r"|(country|place) of birth|ה?(גיל|מין|מגדר)|ארץ ה?לידה"
)


@dataclass(frozen=True)
class Times:
    """The moments of one table, in their order, and the moment of each of its columns of times."""

    table: str
    moments: tuple[str, ...]
    of_column: Mapping[str, str]


@dataclass(frozen=True)
class Timeline:
    """The moments in order, why they are not certain, the moment of prediction, and the moments of each source.

    ``first`` is the first table's source, and ``rows`` how many of its rows agree on the order, where they tell it.
    """

    moments: tuple[str, ...]
    doubts: tuple[str, ...]
    predict_at: str
    times: Mapping[str, Times]
    first: str
    rows: int = 0

    def choices(self, source: str) -> tuple[str, ...]:
        """Return the moments among which a column of this source is placed."""
        own = {self.moments[0], *self.times[source].moments, self.predict_at, self.moments[-1]}
        return self.moments if len(self.moments) <= MOST_CHOICES else tuple(m for m in self.moments if m in own)


@dataclass(frozen=True)
class KnownMoment:
    """When a column is known: the moment, empty where nothing tells it, and whether that is certain."""

    moment: str
    certain: bool = False


def build_timeline(
    found: Sequence[Inspected], cdm: Mapping[str, CdmTable], challenge: Challenge | None = None
) -> Timeline:
    """Return the timeline of tables that were looked at; the first of them is the one whose rows are predicted."""
    taken = {START, LATER}
    times = [_times_of(each, cdm.get(each.source.reading.source), taken) for each in found]
    sources = [each.source.reading.source for each in found]
    first = found[0]
    between = cdm_timeline([each.source for each in found])[1:-1] if cdm else _all_moments(times)
    predict_at = challenge.predict_at if challenge else ""
    agree = sources[0] not in cdm and len(first.order.names) > 1 and not first.order.doubts
    doubts = list(first.order.doubts) if sources[0] not in cdm else []
    moments = list(between)
    if predict_at and challenge:
        moments, more = _place(moments, times, challenge)
        doubts += more
    elif times[0].moments and not cdm and any(other.moments for other in times[1:]):
        doubts.append("no row tells how the times of different tables follow each other")
    last = AFTERWARDS if predict_at == LATER else LATER
    whole = tuple(dict.fromkeys((START, *moments, last)))
    return Timeline(
        whole, tuple(doubts), predict_at, dict(zip(sources, times, strict=True)), sources[0], first.order.rows * agree
    )


def find_known(timeline: Timeline, each: Inspected, name: str) -> KnownMoment:
    """Return when a column is known.

    In the first table a value without a time of its own may be known at any of them, so nothing is proposed.  Rows of
    another table are cut by their own times.
    """
    source, proposal = each.source.reading.source, each.proposals[name]
    times, at_start = timeline.times[source], timeline.moments[0]
    if proposal.standard:
        moment = proposal.decision.available or ""
        return KnownMoment(moment or (times.moments[-1] if times.moments else ""), bool(moment))
    if name in times.of_column:
        return KnownMoment(times.of_column[name], certain=True)
    if is_birth_date(name) or is_birth_year(name) or is_birth_part(name) or _FROM_BIRTH.fullmatch(words_of(name)):
        return KnownMoment(at_start, certain=True)
    if source == timeline.first or not times.moments:
        return KnownMoment("")
    return KnownMoment(times.moments[-1], _is_last_certain(each))


def render_timeline(timeline: Timeline) -> list[str]:
    """Return the lines of the timeline and the moment of prediction; as comments where somebody must decide."""
    off = "# " if timeline.doubts else ""
    lines = [
        "# timeline: the moments of the data, the earliest first; each column below says with available when it is"
    ]
    lines += [f"#   known. {json.dumps(timeline.moments[0])} is before all of them. Nobody gets a column without it."]
    if timeline.rows:
        lines.append(f"# timeline: no row of {timeline.rows:,} that were looked at has these times in another order")
        if any(times.moments for source, times in timeline.times.items() if source != timeline.first):
            lines.append(
                "# timeline: those of other tables stand behind them, for no row tells more: move what is wrong"
            )
    lines += [f"# timeline is not certain: {doubt}" for doubt in timeline.doubts]
    lines.append(f"{off}timeline = {_list(timeline.moments)}")
    if timeline.predict_at:
        return [*lines, f"{off}prediction_time = {json.dumps(timeline.predict_at, ensure_ascii=False)}"]
    return [*lines, '# prediction_time = "..."   # the moment of prediction: a challenge that is scored needs it']


def render_known(timeline: Timeline, each: Inspected, name: str) -> str:
    """Return the line that says when a column is known, as a comment where a person must say it."""
    known = find_known(timeline, each, name)
    line = f"available = {json.dumps(known.moment or '...', ensure_ascii=False)}"
    if known.certain:
        return line
    choices = _list(timeline.choices(each.source.reading.source))
    return f"# {line}   # not known until you say so: one of {choices[1:-1]}"


def _list(moments: Sequence[str]) -> str:
    return json.dumps(moments, ensure_ascii=False)


def _is_last_certain(each: Inspected) -> bool:
    """Tell whether the last time of a table is certain, and filled in every row."""
    if not each.order.names:
        return False
    last = each.profiles[each.order.names[-1]]
    return not each.order.doubts and last.known == last.rows


def _times_of(each: Inspected, table: CdmTable | None, taken: set[str]) -> Times:
    """Return the moments of a table; a column whose name stands for another moment is called after its table too."""
    if table:
        fields = [table.fields[name.lower()] for name in each.proposals if name.lower() in table.fields]
        named = {field.name: cdm_moment(field) for field in fields if table.person and cdm_moment(field)}
        return Times(table.name, tuple(sorted({*named.values()} - {START}, key=cdm_position)), named)
    of_column = {}
    for name in each.order.names:
        moment = name
        while moment in taken:
            moment = f"{each.source.reading.table}_{moment}"
        taken.add(moment)
        of_column[name] = moment
    return Times(each.source.reading.table, tuple(of_column.values()), of_column)


def _all_moments(times: Sequence[Times]) -> tuple[str, ...]:
    return tuple(moment for one in times for moment in one.moments)


def _place(moments: list[str], times: Sequence[Times], challenge: Challenge) -> tuple[list[str], list[str]]:
    """Put the moment of prediction where it belongs, and say why that is not certain.

    Only a time of the first table tells what of that table was known before; without one, the prediction stands first,
    so that nothing is known too early.
    """
    predict_at = challenge.predict_at
    anchor = find_anchor(times, challenge)
    in_first = anchor in times[0].moments
    if not moments:
        return [predict_at], []
    if anchor and (in_first or not times[0].moments):
        if predict_at in (*moments, START):
            same = predict_at == anchor
            return moments, [] if same else [f'"{predict_at}" is a time of the tables, and time_zero names another one']
        at = moments.index(anchor) + 1
        return [*moments[:at], predict_at, *moments[at:]], []
    rest = [moment for moment in moments if moment != predict_at]
    return [predict_at, *rest], [f'it is not certain where "{predict_at}" stands among the others: move it there']


def find_anchor(times: Sequence[Times], challenge: Challenge) -> str:
    """Return the moment of the data at which, or after which, the challenge predicts; empty when nothing names it."""
    table, _, column = challenge.time_zero.rpartition(".")
    if column:
        asked = [one for one in times if one.table == table] if table and len(times) > 1 else times[:1]
        return next((one.of_column[column] for one in asked if column in one.of_column), "")
    named = {moment: name for one in times for name, moment in one.of_column.items()}
    if challenge.predict_at in named:
        return challenge.predict_at
    return next((m for m, name in named.items() if _stem(name) == _stem(challenge.predict_at)), "")


def _stem(name: str) -> tuple[str, ...]:
    """Return the words of a name without those that only say that it is a time."""
    words = words_of(name).split()
    return tuple(word for word in words if word not in _TIME_WORDS) or tuple(words)
