"""Attacks on files: what is of others, of the event, of the account and of the machine."""

from __future__ import annotations

import glob
import os
import shutil
import sqlite3

from tests.integration.attacks.trick import At, trick


def read(pattern: str) -> str:
    """Return the beginning of the first file that can be read."""
    for path in sorted(glob.glob(pattern, recursive=True)):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                return f"{path}: {file.read(20)!r}"
    return ""


@trick
def read_the_hubs_database(at: At) -> object:
    return read(f"{at['state']}/hub/*.sqlite")


@trick
def read_the_events_database(at: At) -> object:
    return read(f"{at['state']}/rounds.sqlite")


@trick
def read_the_hubs_secrets(at: At) -> object:
    return read(f"{at['state']}/hub/secrets.json") or read(f"{at['state']}/hub/*secret*")


@trick
def read_the_hubs_log(at: At) -> object:
    return read(f"{at['state']}/hub/*.log")


@trick
def read_anothers_work(at: At) -> object:
    return read(f"{at['other_work']}/**/*")


@trick
def list_anothers_work(at: At) -> object:
    return os.listdir(at["other_work"])


@trick
def list_who_is_in_the_event(at: At) -> object:
    return os.listdir(f"{at['state']}/homes")


@trick
def read_a_teams_work(at: At) -> object:
    return read(f"{at['other_team']}/**/*")


@trick
def read_the_gradebook(at: At) -> object:
    with sqlite3.connect(f"file:{at['state']}/course/gradebook.db?mode=ro", uri=True) as book:
        return book.execute("select count(*) from student").fetchone()


@trick
def mark_all_exercises_done(at: At) -> object:
    with sqlite3.connect(f"{at['state']}/course/gradebook.db") as book:
        book.execute("begin immediate")
        return f"a lock for writing, {book.total_changes}"


@trick
def read_the_right_answers(at: At) -> object:
    return read(f"{at['state']}/course/source/**/*.ipynb")


@trick
def read_what_is_checked_at_hand_in(at: At) -> object:
    return read(f"{at['state']}/course/hidden/**/hidden.py")


@trick
def read_the_solutions_in_the_package(at: At) -> object:
    return read(f"{at['source']}/tutorials/**/hidden.py") or read(f"{at['source']}/tutorials/**/answers.py")


@trick
def read_the_repository(at: At) -> object:
    return read(f"{at['source']}/.git/config") or read(f"{at['source']}/tests/conftest.py")


@trick
def read_what_others_handed_in(at: At) -> object:
    return read(f"{at['state']}/exchange/*/inbound/**/*") or os.listdir(f"{at['state']}/exchange")


@trick
def read_what_was_planted(at: At) -> object:
    return read(f"{at['state']}/truth/**/*") or read(f"{at['state']}/custodian/**/*")


@trick
def read_a_dataset_on_its_road(at: At) -> object:
    return read(f"{at['state']}/road/**/*") or os.listdir(f"{at['state']}/road")


@trick
def read_the_full_data_before_its_day(at: At) -> object:
    return read(f"{at['state']}/sizes/full/**/*.parquet")


@trick
def read_the_servers_settings(at: At) -> object:
    return read(f"{at['state']}/rooms/{at['other']}/config/*")


@trick
def follow_a_symbolic_link(at: At) -> object:
    os.symlink(at["state"], "way-out")
    try:
        return read("way-out/hub/*.sqlite") or read("way-out/hub/*.log")
    finally:
        os.unlink("way-out")


@trick
def make_a_hard_link(at: At) -> object:
    os.link(f"{at['state']}/hub/secrets.json", "hard-link")
    try:
        return read("hard-link")
    finally:
        os.unlink("hard-link")


@trick
def read_the_accounts_history(at: At) -> object:
    return read(f"{at['account_home']}/.*history") or read(f"{at['account_home']}/**")


@trick
def read_the_machines_passwords(at: At) -> object:
    return read("/etc/shadow") or read("/etc/ssh/*_key")


@trick
def write_into_anothers_work(at: At) -> object:
    with open(f"{at['other_work']}/attack.txt", "w", encoding="utf-8") as file:
        file.write("was here")
    os.unlink(f"{at['other_work']}/attack.txt")
    return "written"


@trick
def write_progress_into_the_log(at: At) -> object:
    with open(f"{at['state']}/checks/{at['account']}.jsonl", "a", encoding="utf-8") as log:
        log.write("")
    return "opened for writing"


@trick
def write_into_the_packages(at: At) -> object:
    path = os.path.join(os.path.dirname(os.__file__), "attack.txt")
    for folder in (os.path.dirname(path), at["packages"]):
        with open(f"{folder}/attack.txt", "w", encoding="utf-8") as file:
            file.write("")
        os.unlink(f"{folder}/attack.txt")
    return "written"


@trick
def write_what_the_account_runs_at_its_next_shell(at: At) -> object:
    with open(f"{at['account_home']}/.attack", "w", encoding="utf-8") as file:
        file.write("")
    os.unlink(f"{at['account_home']}/.attack")
    return "written"


@trick
def write_the_settings_of_the_own_server(at: At) -> object:
    path = f"{at['state']}/rooms/{at['account']}/config/jupyter_server_config.d"
    os.makedirs(path)
    os.rmdir(path)
    return "made"


@trick
def write_a_kernel_that_the_server_starts(at: At) -> object:
    path = f"{at['state']}/rooms/{at['account']}/data/kernels/attack"
    os.makedirs(path)
    shutil.rmtree(path)
    return "made"


@trick
def write_into_published_pages(at: At) -> object:
    with open(f"{at['state']}/published/{at['team']}/attack.ipynb", "w", encoding="utf-8") as file:
        file.write("{}")
    os.unlink(f"{at['state']}/published/{at['team']}/attack.ipynb")
    return "written"


@trick
def close_a_folder_of_others(at: At) -> object:
    before = os.stat(at["victim"]).st_mode
    os.chmod(at["victim"], 0o640)
    after = os.stat(at["victim"]).st_mode
    os.chmod(at["victim"], before & 0o777)
    return before != after and "its mode changed"


@trick
def change_the_time_of_a_file_of_others(at: At) -> object:
    before = os.stat(at["victim"])
    os.utime(at["victim"], (1, 1))
    changed = os.stat(at["victim"]).st_mtime == 1
    os.utime(at["victim"], (before.st_atime, before.st_mtime))
    return changed and "its time changed"


@trick
def change_the_owner_of_a_file_of_others(at: At) -> object:
    before = os.stat(at["victim"]).st_uid
    os.chown(at["victim"], 65534, -1)
    changed = before != os.stat(at["victim"]).st_uid
    os.chown(at["victim"], before, -1)
    return changed and "its owner changed"


@trick
def set_an_attribute_on_a_file_of_others(at: At) -> object:
    os.setxattr(at["victim"], "user.attack", b"x")
    found = os.getxattr(at["victim"], "user.attack")
    os.removexattr(at["victim"], "user.attack")
    return found


@trick
def cut_a_file_of_others(at: At) -> object:
    before = os.path.getsize(at["victim"])
    os.truncate(at["victim"], before - 1)
    changed = os.path.getsize(at["victim"]) != before
    os.truncate(at["victim"], before)
    return changed and "it is shorter"


@trick
def remove_a_file_of_others(at: At) -> object:
    os.rename(at["victim"], f"{at['victim']}.away")
    os.rename(f"{at['victim']}.away", at["victim"])
    return "renamed"


@trick
def see_that_a_file_of_others_is_there(at: At) -> object:
    return f"{os.stat(at['victim']).st_size} bytes"


@trick
def make_a_device(at: At) -> object:
    os.mknod("attack-device", 0o600 | 0o020000, os.makedev(1, 1))
    os.unlink("attack-device")
    return "made"


@trick
def leave_something_in_shared_memory(at: At) -> object:
    name = "/dev/shm/rounds-attack"
    with open(name, "w", encoding="utf-8") as file:
        file.write("x")
    return os.stat("/dev/shm").st_dev == at["shm_device"] and "others can read it"


@trick
def leave_something_in_the_machines_tmp(at: At) -> object:
    with open("/tmp/rounds-attack", "w", encoding="utf-8") as file:
        file.write("x")
    return os.stat("/tmp").st_dev == at["tmp_device"] and os.stat("/tmp").st_ino == at["tmp_number"] and "outside"
