"""In a real kernel: a cell that runs again shows the same widget, and another kernel's takes over what was chosen."""

import json
import time

import pytest
from jupyter_client.manager import start_new_kernel

LOAD = 'get_ipython().extension_manager.load_extension("rounds.lessons.view.kernel")'
SLIDER = """import ipywidgets
box = ipywidgets.VBox([ipywidgets.IntSlider(description="beds"), ipywidgets.Label("as it is")])
box"""
VIEW = "application/vnd.jupyter.widget-view+json"


class Room:
    """A notebook's kernel, and what its page would do."""

    def __init__(self, notebook):
        self.notebook = notebook
        self.start()

    def start(self):
        env = {"JPY_SESSION_NAME": str(self.notebook)}
        import os

        self.manager, self.client = start_new_kernel(env={**os.environ, **env})
        self.run(LOAD)

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, code, cell="", by_page=True):
        """Run a cell as the page does; return the id of the widget that it shows, or what it prints."""
        content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
        metadata = {"cellId": cell, **({"roundsByPage": True} if by_page else {})}
        message = self.client.session.msg("execute_request", {**content, "stop_on_error": False}, metadata=metadata)
        self.client.shell_channel.send(message)
        shown = ""
        while True:
            said = self.client.get_iopub_msg(timeout=60)
            if said["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            if said["msg_type"] == "error":
                raise AssertionError(said["content"]["evalue"])
            if said["msg_type"] == "execute_result":
                shown = said["content"]["data"].get(VIEW, {}).get("model_id", "")
            if said["msg_type"] == "stream":
                shown = said["content"]["text"].strip()
            if said["msg_type"] == "status" and said["content"]["execution_state"] == "idle":
                return shown

    def read(self, expression):
        return self.run(f"print({expression})")

    def wait_for_file(self, words):
        file = self.notebook.parent / ".rounds" / "lesson.json"
        deadline = time.monotonic() + 20
        while not (file.is_file() and words in file.read_text()):
            assert time.monotonic() < deadline, file.read_text() if file.is_file() else "no file"
            time.sleep(0.05)
        return json.loads(file.read_text())


@pytest.fixture
def room(tmp_path):
    room = Room(tmp_path / "lesson.ipynb")
    yield room
    room.stop()


def test_a_cell_that_runs_again_shows_the_same_widget_and_the_second_one_is_closed(room):
    first = room.run(SLIDER, "card")
    assert first
    room.run("first = box")
    assert room.run(SLIDER, "card") == first
    assert room.read("box is first") == "True"  # it did not run: none was made that a page must close
    assert room.run(SLIDER, "card", by_page=False) == first
    assert room.read("box.comm is None, first.comm is None") == "True False"
    assert room.run(SLIDER, "other") != first


def test_a_cell_with_another_text_runs(room):
    first = room.run(SLIDER, "card")
    assert room.run(SLIDER.replace("VBox", "HBox"), "card") not in ("", first)


def test_what_a_learner_makes_in_an_own_cell_is_made_anew(room):
    assert room.run(SLIDER, "mine", by_page=False) != room.run(SLIDER, "mine", by_page=False)


def test_another_kernel_takes_over_what_was_chosen_and_nothing_else(room):
    room.run(SLIDER, "card")
    room.run("box.children[0].value = 42")
    kept = room.wait_for_file("42")
    assert kept["widgets"] == {"card": {"0/0": {"value": 42}}}
    room.stop()
    room.start()
    room.run(SLIDER, "card")
    assert room.read("box.children[0].value, box.children[1].value") == "42 as it is"


@pytest.mark.parametrize(
    "text", ["", "[]", '{"widgets": 3, "failures": ["a"]}', '{"widgets": {"card": {"0/0": {"max": "many"}}}}']
)
def test_a_file_that_is_damaged_or_does_not_fit_is_passed_over(tmp_path, text):
    (tmp_path / ".rounds").mkdir()
    (tmp_path / ".rounds" / "lesson.json").write_text(text)
    room = Room(tmp_path / "lesson.ipynb")
    try:
        room.run(SLIDER, "card")
        assert room.read("box.children[0].value, box.children[0].max") == "0 100"
    finally:
        room.stop()


def test_how_often_a_check_failed_outlives_the_kernel(room):
    code = "from rounds.lessons.view.kept import kept_failures\nfailures = kept_failures('x1')"
    room.run(code)
    room.run("failures['e1'] += 1\nfailures['e1'] += 1")
    room.wait_for_file('"x1/e1": 2')
    room.stop()
    room.start()
    room.run(code)
    assert room.read("dict(failures), dict(kept_failures('x2'))") == "{'e1': 2} {}"
