"""Encounters: antenatal visits, the stay of the birth, the newborn's stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.birthweight.births import Births
from rounds.synthetic.ehr.birthweight.newborns import Growth, draw_growth, draw_unit, stay_in_unit
from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.draws import happens, logistic
from rounds.synthetic.ehr.rows import DAY, NEVER, Rows, sort, stack
from rounds.synthetic.ehr.words import Array, Words, choose, nothing, repeat

# Weeks of the visits: assumed.  The sugar test is at 25 weeks (gestational diabetes shows at 24-28, textbook).
WEEKS = (0, 16, 20, 25, 28, 30, 32, 34, 36, 37, 38, 39, 40, 41)
SCAN, SUGAR, LATE = 2, 3, 8
ENDS = ("home", "died")


@dataclass(frozen=True)
class Contacts:
    """Who meets the hospital when; ``place`` gives a contact's place among the names."""

    names: tuple[str, ...]
    visit_of: Array
    visit_week: Array
    visit_at: Array
    visit_days: Array
    child_of: Array
    child_twin: Array
    neonatal: Array
    child_left: Array
    child_death: Array
    growth: Growth

    def weight(self, child: Array, days: Array) -> Array:
        """Return the weight of these children in grams, days after birth, to 10 g."""
        return np.asarray(np.rint(self.growth.at(child, days) / 10) * 10)

    @property
    def booking(self) -> Words:
        """Return the encounter of each pregnancy's first visit."""
        return Words(np.flatnonzero(self.visit_week == 0).astype(np.int32), self.names)

    def visits(self, index: Array) -> Words:
        """Return the encounters of these visits."""
        return Words(index.astype(np.int32), self.names)

    def deliveries(self, pregnancy: Array) -> Words:
        """Return the encounters of the birth of these pregnancies."""
        return Words((len(self.visit_of) + pregnancy).astype(np.int32), self.names)

    def newborns(self, child: Array) -> Words:
        """Return the encounters of these children."""
        first = len(self.names) - len(self.child_of)
        return Words((first + child).astype(np.int32), self.names)


def draw_contacts(block: Block, b: Births) -> Contacts:
    """Draw the visits, and how the children fare.

    Assumed: 92 of 100 visits are kept, within three days of the plan, and who needs the neonatal unit for their weight.
    """
    rng, n = block.rng(purpose=2), len(b.mother)
    days = np.array(WEEKS)[None, :] * 7 + rng.integers(-3, 4, (n, len(WEEKS)))
    days[:, 0] = b.booked_days
    came = (days > b.booked_days[:, None] + 10) & happens(rng, 0.92, days.shape)
    came[:, 0] = True
    when = b.booked[:, None] + (days - b.booked_days[:, None]) * DAY + rng.integers(-180, 180, days.shape)
    when[:, 0] = b.booked
    came &= when < (b.admitted - DAY // 2)[:, None]
    came[:, 0] = True
    visit_of, visit_week = np.nonzero(came)
    child_of = np.repeat(np.arange(n), 1 + b.twins)
    child_twin = np.append(False, child_of[1:] == child_of[:-1]).astype(np.int64)
    straight = b.straight[child_of, child_twin]
    neonatal = happens(rng, logistic(-3.2 - (straight - 2600) / 280), len(straight))
    home, death = _draw_children(rng, b, child_of, straight, neonatal)
    own, length = block.rng(purpose=4), b.days[child_of]
    growth = draw_growth(own, b.grams[child_of, child_twin], length)
    neonatal |= draw_unit(own, growth.grams, length)
    stay = stay_in_unit(own, growth, length, (home - b.delivered[child_of]) / DAY)
    home = np.where(neonatal & (death == NEVER), b.delivered[child_of] + (stay * DAY).astype(np.int64), home)
    names = block.names("E", len(visit_of) + n + len(child_of))
    children = (child_of, child_twin, neonatal, home, death, growth)
    return Contacts(names, visit_of, visit_week, when[came], days[came], *children)


def _draw_children(
    rng: np.random.Generator, b: Births, child_of: Array, straight: Array, neonatal: Array
) -> tuple[Array, Array]:
    """Return when each child leaves, and the minute of the few deaths.

    Assumed, so that the small stay longer and die more often.
    """
    n, born = len(child_of), b.delivered[child_of]
    long = np.clip(3 + (2600 - straight) / 45 + rng.exponential(3, n), 2, 90)
    home = np.where(neonatal, born + (long * DAY).astype(np.int64), b.left[child_of])
    dies = neonatal & happens(rng, logistic(-4.6 + (1800 - straight) / 220), n)
    death = born + (rng.uniform(0.1, 6, n) * DAY).astype(np.int64)
    early = dies & (death < home)
    return np.where(early, death, home), np.where(early, death, NEVER)


def encounter_rows(b: Births, c: Contacts, mothers: Words, children: Words) -> Rows:
    """Return all encounters, in the order of person and time."""
    visits, births, newborns = np.arange(len(c.visit_of)), np.arange(len(b.mother)), np.arange(len(c.child_of))
    born = b.delivered[c.child_of]
    parts = [
        _rows("antenatal clinic", "outpatient", c.visits(visits), mothers.take(b.mother[c.visit_of])),
        _rows("labour", "inpatient", c.deliveries(births), mothers.take(b.mother)),
        _rows("nursery", "newborn", c.newborns(newborns), children),
    ]
    parts[0] |= {"planned": np.ones(len(visits), bool), "admit_ts": c.visit_at, "disch_ts": c.visit_at + 25}
    parts[1] |= {
        "planned": b.caesarean & ~b.pre_eclampsia & (b.days >= 266),
        "admit_ts": b.admitted,
        "disch_ts": b.left,
    }
    parts[2] |= {"planned": np.zeros(len(born), bool), "admit_ts": born, "disch_ts": c.child_left}
    parts[2] |= {"ward": choose(c.neonatal, "nursery", "neonatal unit")}
    parts[2] |= {"disch_to": choose(c.child_death != NEVER, *ENDS)}
    sites = [b.site[c.visit_of], b.site, b.site[c.child_of]]
    rows = stack([{**part, "site": choose(site, "A", "B")} for part, site in zip(parts, sites, strict=True)])
    return sort(rows, "person_id", "admit_ts")


def _rows(ward: str, group: str, ids: Words, person: Words) -> Rows:
    n = len(ids)
    return {
        "encounter_id": ids,
        "person_id": person,
        "ward": repeat(ward, n),
        "class": repeat(group, n),
        "transfer_from": nothing(n),
        "disch_to": repeat("home", n),
    }
