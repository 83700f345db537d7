"""Where everything of one event lies below one state folder.

    STATE/
    +-- event/  demo-event/           the event as it was applied; the demo's, with its phases around the first start
    +-- rounds.sqlite  hub/  warm/    Rounds' database; the hub's own; the template process
    +-- homes/  teams/  rooms/        work of a person, of a team; what a server needs
    +-- environments/  published/     a team's packages; its dashboards
    +-- seals/  kernelspecs/          what each room's code may reach; a team's kernels: no room writes either
    +-- data/  sizes/                 what rooms open: the event's datasets; samples and full data
    +-- exchange/  course/  checks/   nbgrader's; the log of check buttons
    +-- road/                         a hospital's datasets on their way: no room opens them
    +-- truth/  custodian/            what was planted; the outcomes of a rehearsal
    +-- hold-outs/                    what each challenge is scored against, and which publication it opens

This is the only place that knows the layout.  Nothing here opens a file but `make_folder`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PRIVATE = 0o700


def make_folder(path: Path) -> Path:
    """Create `path` and what is missing above it, each readable by its owner only when it is new, and return it."""
    if not path.parent.exists():
        make_folder(path.parent)
    path.mkdir(exist_ok=True, mode=PRIVATE)
    return path


@dataclass(frozen=True)
class Folders:
    """The folders of one event below `root`."""

    root: Path

    @property
    def hub(self) -> Path:
        """The hub's own database, secrets and log."""
        return self.root / "hub"

    @property
    def database_url(self) -> str:
        """The SQLAlchemy address of the Rounds database."""
        return f"sqlite:///{self.root / 'rounds.sqlite'}"

    @property
    def warm(self) -> Path:
        """The socket and the log of the template process."""
        return self.root / "warm"

    @property
    def data(self) -> Path:
        """The datasets that this event offers, one folder each."""
        return self.root / "data"

    @property
    def sized(self) -> Path:
        """The samples and the full data: `sample/` and `full/`, one folder for each dataset; they follow the phases."""
        return self.root / "sizes"

    @property
    def exchange(self) -> Path:
        """The nbgrader exchange."""
        return self.root / "exchange"

    @property
    def course(self) -> Path:
        """The nbgrader course with its gradebook."""
        return self.root / "course"

    def home(self, username: str) -> Path:
        """The work folder of one person's learning server."""
        return self.root / "homes" / username

    def team(self, team_id: str) -> Path:
        """The work folder that a team shares."""
        return self.root / "teams" / team_id

    def environment(self, team_id: str) -> Path:
        """The package environment of a team's kernel."""
        return self.root / "environments" / team_id

    def kernelspecs(self, team_id: str) -> Path:
        """The kernels of a team, apart from its environment, which the team may write."""
        return self.root / "kernelspecs" / team_id

    @property
    def seals(self) -> Path:
        """The plans of the rooms' seals, one file an account; the hub writes them, servers read them."""
        return self.root / "seals"

    def published(self, team_id: str) -> Path:
        """The dashboards that a team has published."""
        return self.root / "published" / team_id

    def room(self, account: str) -> Path:
        """The configuration, runtime files and co-editing history of one account's server."""
        return self.root / "rooms" / account

    @property
    def demo_event(self) -> Path:
        """The demo's event file, with its phases around the day of its first start."""
        return self.root / "demo-event"

    @property
    def event(self) -> Path:
        """The event as it was last applied: event.toml, people and terms."""
        return self.root / "event"

    @property
    def lessons(self) -> Path:
        """The learner's part of each lesson of the event: checks and pictures, and the index of them."""
        return self.root / "lessons"

    @property
    def challenges(self) -> Path:
        """What each challenge of the event asks, and its notebooks, as rooms may read it."""
        return self.root / "challenges"

    @property
    def widgets(self) -> Path:
        """The widgets that the event brings of its own."""
        return self.root / "widgets"

    def checks(self, username: str) -> Path:
        """The log of one person's check buttons: time, lesson, exercise, passed; no answers."""
        return self.root / "checks" / f"{username}.jsonl"

    @property
    def road(self) -> Path:
        """A hospital's datasets on their way to a challenge; no room opens them."""
        return self.root / "road"

    @property
    def truth(self) -> Path:
        """What was planted in the synthetic datasets, for the staff only."""
        return self.root / "truth"

    @property
    def custodian(self) -> Path:
        """The outcomes of a rehearsal's hold-outs; all others lie elsewhere, where their custodian wants them."""
        return self.root / "custodian"

    @property
    def hold_outs(self) -> Path:
        """The locks of the teams that hand in; earlier versions kept here what the event's database holds now."""
        return self.root / "hold-outs"
