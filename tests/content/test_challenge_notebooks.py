"""The birthweight notebooks run on the synthetic table and on births14, as they are shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from rounds.data import attach_dataset, import_table, make_dataset, shipped_decisions

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"
START = NOTEBOOKS / "challenges" / "birthweight" / "start.ipynb"
DASHBOARD = NOTEBOOKS / "dashboards" / "birthweight.ipynb"
ALL = [START, DASHBOARD]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, births14: Path) -> Path:
    folder = tmp_path_factory.mktemp("data")
    make_dataset("birthweight", folder)
    import_table(births14, "births14", folder, decisions=shipped_decisions("births14"))
    return folder


def _run(path: Path, dataset: str, work: Path, data: Path, monkeypatch: Any, view: str = "") -> str:
    monkeypatch.setenv("ROUNDS_DATA", str(data))
    monkeypatch.setenv("ROUNDS_VIEW", view)
    monkeypatch.setenv("ROUNDS_PUBLISHED", str(work / "published"))
    (work / "published").mkdir()
    (work / "dashboards").mkdir()
    (work / "dashboards" / "birthweight.ipynb").write_bytes(DASHBOARD.read_bytes())
    notebook = nbformat.read(path, as_version=4)
    attach_dataset(data, "birthweight", dataset)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(work)}})
    client.execute()
    shown = nbformat.writes(notebook)
    return shown + str(client.widget_state)


@pytest.mark.parametrize("dataset", ["birthweight", "births14"])
def test_start_runs_on_both_tables_and_publishes(
    dataset: str, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = _run(START, dataset, tmp_path, data, monkeypatch)
    assert "known at booking" in shown
    assert ("No mother's id" in shown) == (dataset == "births14")
    assert ("Split by mother" in shown) == (dataset == "birthweight")
    assert shown.count("image/png") >= 1  # the calibration is a picture
    assert list((tmp_path / "published").rglob("birthweight.ipynb")) != []


@pytest.mark.parametrize("view", ["", "published"])
@pytest.mark.parametrize("dataset", ["birthweight", "births14"])
def test_the_dashboard_runs_on_both_tables(
    dataset: str, view: str, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = _run(DASHBOARD, dataset, tmp_path, data, monkeypatch, view)
    assert "perfect" not in shown or "<svg" in shown
    assert "Published view" in shown if view else "counts are exact" in shown
    if dataset == "birthweight":
        assert ("4,115" in shown) == bool(view)
        assert ("4,117" in shown) != bool(view)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_notebooks_are_shipped_clean(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert cell.id.startswith(path.stem)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_cells_are_short_and_hold_no_path_and_no_installation(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 12
            for word in ("sys.path", "pip ", "!", '"/', "'/", "http"):
                assert word not in cell.source.replace("!=", "")
