"""The hub's sign-in: its loop turns while passwords are hashed, and the proxy alone says who asks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from tests.wards import ward_of
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.web import Application, HTTPError, RequestHandler

from rounds.errors import SignInError
from rounds.event import store_event
from rounds.hub.sign_in import TRIES_A_MINUTE, InvitationAuthenticator
from rounds.hub.signing_in.address import find_address
from rounds.hub.signing_in.password_threads import PasswordThreads
from rounds.people.invitations import NewPassword, accept_invitation, find_invitation, issue_invitation
from rounds.people.passwords import hash_password
from rounds.store.folders import Folders
from rounds.store.moments import utc_now
from rounds.store.tables import Account

GOOD = NewPassword("a quiet ward at night", "a quiet ward at night", terms_accepted=True)


@pytest.fixture
def folders(tmp_path: Path, demo_event_file: Path) -> Folders:
    """Return the folders of an event that was applied."""
    folders = Folders(tmp_path / "state")
    store_event(demo_event_file, folders.event)
    return folders


@pytest.fixture
def people(folders: Folders, root: Path) -> Iterator[InvitationAuthenticator]:
    """Return the hub's authenticator of the demo event."""
    ward = ward_of(folders, root)
    authenticator = InvitationAuthenticator(ward=ward)
    yield authenticator
    authenticator.engine.dispose()


def from_address(address: str) -> Any:
    """Return a handler of a request that came through the proxy."""
    context = SimpleNamespace(address=("127.0.0.1", 1))
    connection = SimpleNamespace(context=context)
    return SimpleNamespace(request=SimpleNamespace(connection=connection, headers={"X-Forwarded-For": address}))


def give_password(engine: Engine, username: str, password_hash: str) -> None:
    with Session(engine) as session, session.begin():
        session.add(Account(username=username, password_hash=password_hash, failures=0))


async def count_turns(people: InvitationAuthenticator, names: list[str]) -> tuple[int, list[Any]]:
    """Sign all of them in at once; return how often the loop turned meanwhile, and what came of each."""
    turns, done = 0, False

    async def turn() -> None:
        nonlocal turns
        while not done:
            turns += 1
            await asyncio.sleep(0)

    turning = asyncio.create_task(turn())
    tries = [people.authenticate(from_address("10.0.0.1"), {"username": n, "password": GOOD.password}) for n in names]
    came = await asyncio.gather(*tries)
    done = True
    await turning
    return turns, came


def test_the_loop_turns_while_twenty_people_sign_in(people: InvitationAuthenticator) -> None:
    names = [person.username for person in people.event.people[:20]]
    shared = hash_password(GOOD.password)
    for name in names:
        give_password(people.engine, name, shared)
    turns, came = asyncio.run(count_turns(people, names))
    assert [one["name"] for one in came] == names
    assert turns > 5 * len(names)  # a hash in the loop lets it turn once at most


def test_one_account_is_compared_once_at_a_time_so_that_no_wrong_try_is_lost(people: InvitationAuthenticator) -> None:
    give_password(people.engine, "noa", hash_password(GOOD.password))

    async def guess() -> list[Any]:
        tries = [people.authenticate(from_address("10.0.0.1"), {"username": "noa", "password": "x"}) for _ in range(4)]
        return await asyncio.gather(*tries, return_exceptions=True)

    assert all(isinstance(answer, HTTPError) for answer in asyncio.run(guess()))
    with Session(people.engine) as session:
        assert session.get_one(Account, "noa").failures == 4


def test_no_lock_of_an_account_stays_behind() -> None:
    threads = PasswordThreads(at_once=2)
    seen: list[str] = []

    async def run() -> None:
        await asyncio.gather(*(threads.run(name, lambda name=name: seen.append(name)) for name in "abcabc"))

    asyncio.run(run())
    assert sorted(seen) == sorted("abcabc")
    assert threads._turns == {}


def test_a_class_behind_one_address_signs_in_beside_somebody_who_tries_and_tries(
    people: InvitationAuthenticator,
) -> None:
    give_password(people.engine, "noa", hash_password(GOOD.password))
    vandal = {"username": "nobody", "password": "x"}

    async def all_try() -> tuple[list[Any], Any]:
        many = [people.authenticate(from_address("10.0.0.1"), vandal) for _ in range(TRIES_A_MINUTE + 2)]
        refused = await asyncio.gather(*many, return_exceptions=True)
        noa = {"username": "noa", "password": GOOD.password}
        return refused, await people.authenticate(from_address("10.0.0.1"), noa)

    refused, noa = asyncio.run(all_try())
    assert sum("Too many tries" in str(answer) for answer in refused) == 2
    assert noa["name"] == "noa"


class Teller(RequestHandler):
    """Answer with the address that the hub believes."""

    def get(self) -> None:
        self.write(find_address(self.request))


@pytest.mark.parametrize(
    ("headers", "believed"),
    [
        ({}, "127.0.0.1"),
        ({"X-Forwarded-For": "10.0.0.7"}, "10.0.0.7"),
        (
            {"X-Forwarded-For": "1.2.3.4, 10.0.0.7"},
            "10.0.0.7",
        ),  # what a browser wrote stands before what the proxy adds
        ({"X-Real-Ip": "1.2.3.4", "X-Forwarded-For": "10.0.0.7"}, "10.0.0.7"),
        ({"X-Real-Ip": "1.2.3.4"}, "127.0.0.1"),
        ({"X-Forwarded-For": "no address"}, "127.0.0.1"),
    ],
)
def test_the_proxys_own_word_on_the_address_is_believed_and_no_other(headers: dict[str, str], believed: str) -> None:
    async def ask() -> str:
        server = HTTPServer(Application([("/", Teller)]), xheaders=True)
        server.listen(0, "127.0.0.1")
        port = next(iter(server._sockets.values())).getsockname()[1]
        async with httpx.AsyncClient(trust_env=False) as client:
            said = (await client.get(f"http://127.0.0.1:{port}/", headers=headers)).text
        server.stop()
        await server.close_all_connections()
        return said

    assert asyncio.run(ask()) == believed


def test_behind_a_gate_the_entry_before_the_gates_own_is_believed() -> None:
    request = HTTPServerRequest(
        start_line=RequestStartLine("POST", "/hub/login", "HTTP/1.1"),
        headers=HTTPHeaders({"Host": "rounds.lan", "X-Forwarded-For": "1.2.3.4, 10.0.0.7, 127.0.0.1"}),
        connection=SimpleNamespace(context=SimpleNamespace(address=("127.0.0.1", 1))),  # type: ignore[arg-type]
    )
    assert find_address(request, behind_gate=True) == "10.0.0.7"
    assert find_address(request) == "127.0.0.1"


def test_who_was_removed_while_the_form_was_open_sets_no_password_and_uses_up_no_link(
    people: InvitationAuthenticator, folders: Folders, demo_event_file: Path, tmp_path: Path
) -> None:
    with Session(people.engine) as session, session.begin():
        secret = issue_invitation(session, "noa", 24, utc_now())
    leave_out(folders, demo_event_file, tmp_path, "noa@example.org")
    with pytest.raises(SignInError, match="not part of the event now"):
        people.accept(secret, GOOD)
    with Session(people.engine) as session:
        link = find_invitation(session, secret)
        assert link is not None
        assert link.used_at is None
        assert session.get_one(Account, "noa").password_hash is None


def leave_out(folders: Folders, shipped: Path, tmp_path: Path, email: str) -> None:
    """Apply the demo without one person."""
    for name in ("event.toml", "people.csv", "terms.md"):
        text = shipped.with_name(name).read_text(encoding="utf-8")
        kept = [line for line in text.splitlines() if email not in line]
        (tmp_path / name).write_text("\n".join(kept) + "\n", encoding="utf-8")
    store_event(tmp_path / "event.toml", folders.event)


def test_who_was_removed_is_told_so_with_the_right_password_only(
    people: InvitationAuthenticator, folders: Folders, demo_event_file: Path, tmp_path: Path
) -> None:
    with Session(people.engine) as session, session.begin():
        accept_invitation(session, issue_invitation(session, "noa", 24, utc_now()), GOOD, utc_now())
    leave_out(folders, demo_event_file, tmp_path, "noa@example.org")
    for password, said in ((GOOD.password, "not part of the event now"), ("wrong", "not right")):
        with pytest.raises(HTTPError, match=said):
            asyncio.run(people.authenticate(from_address("10.0.0.1"), {"username": "noa", "password": password}))


def test_a_full_disk_is_said_at_the_sign_in(people: InvitationAuthenticator) -> None:
    give_password(people.engine, "noa", hash_password(GOOD.password))

    @event.listens_for(people.engine, "connect")
    def close(connection: Any, _: object) -> None:
        connection.execute("PRAGMA query_only = ON")  # as a full disk: it is read, and cannot be written

    people.engine.dispose()
    form = {"username": "noa", "password": "wrong"}  # a wrong one is counted, and so written
    with pytest.raises(HTTPError) as refused:
        asyncio.run(people.authenticate(from_address("192.0.2.7"), form))
    assert "disk of this event is full" in str(refused.value.log_message)
