"""What a running hub must change to be as the event says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rounds.hub.accounts import Groups
from rounds.hub.plan import Join, Leave, build_plan

NAMES = st.sampled_from(["ana", "ben", "cleo", "dan"])
GROUPS = st.dictionaries(st.sampled_from(["x", "y", "z"]), st.frozensets(NAMES).map(lambda s: tuple(sorted(s))))


@given(wanted=GROUPS, actual=GROUPS)
def test_the_plan_leads_from_any_state_to_the_wanted_one(wanted: Groups, actual: Groups) -> None:
    plan = build_plan(wanted, actual, set(), set())
    state = {name: set(users) for name, users in actual.items()}
    for gone in plan.leave:
        state[gone.group].remove(gone.account)
    for new in plan.join:
        state.setdefault(new.group, set()).add(new.account)
    assert {n: u for n, u in state.items() if u} == {n: set(u) for n, u in wanted.items() if u}


@given(groups=GROUPS)
def test_applying_twice_is_as_once(groups: Groups) -> None:
    assert build_plan(groups, groups, {"ana"}, {"ana"}).steps == 0


def test_who_moved_leaves_one_team_and_joins_the_other() -> None:
    plan = build_plan({"b": ("ana",)}, {"a": ("ana",)}, {"ana"}, {"ana"})
    assert (plan.leave, plan.join, plan.remove) == ((Leave("ana", "a"),), (Join("ana", "b"),), ())


def test_who_is_not_in_the_event_leaves_the_hub() -> None:
    assert build_plan({}, {}, {"ana"}, {"ana", "ben"}).remove == ("ben",)
