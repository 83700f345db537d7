"""`rounds challenges`: write a challenge's skeleton into an event's own folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from rounds.challenges.brief import FILE
from rounds.challenges.folder import find_challenges
from rounds.cli.places import source_folder
from rounds.cli.skeleton import check_event_folder, write_folder
from rounds.errors import ChallengeError
from rounds.lessons.source import read_source
from rounds.slugs import is_slug

app = typer.Typer(no_args_is_help=True, help=__doc__)
SECTION = """[[challenge]]
id = "{id}"
title = {title}
dataset = "{name}"
question = "Among ..., at ..., predict ... within ..., so that ... can ..."
"""


@app.callback()
def _group() -> None:
    """Take what stands before a command."""


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The challenge's id, such as kidney-injury.")],
    folder: Annotated[Path, typer.Option("--folder", help="The event's own folder, where event.toml lies.")],
    title: Annotated[str, typer.Option(help="What the challenge is called.")] = "A challenge",
) -> None:
    """Write the skeleton of a challenge: brief, first notebook, dashboard, a made-up dataset; it works as it is."""
    from rounds.synthetic.tables.stays import write_stays

    if not is_slug(name):
        raise ChallengeError(f'"{name}" is no id. Write small letters, digits and single hyphens, like kidney-injury')
    check_event_folder(folder)
    places = [place / "notebooks" / "challenges" for place in (source_folder(), folder)]
    if name in find_challenges(places):
        raise ChallengeError(f'There is a challenge "{name}" already. Give yours another id.')
    folder_name = name.replace("-", "_")
    target = places[1] / folder_name
    write_folder("challenge", target, {"name": folder_name, "title": title})
    _write_notebooks(target)
    write_stays(target / "dataset", folder_name, title)
    typer.echo(f"Wrote {target}: {FILE}, start.ipynb, dashboard.ipynb and a made-up dataset. Put this into event.toml:")
    typer.echo("\n" + SECTION.format(id=name, title=json.dumps(title, ensure_ascii=False), name=folder_name))


def _write_notebooks(folder: Path) -> None:
    """Turn the text sources of the skeleton's notebooks into notebooks."""
    import nbformat

    for source in sorted(folder.glob("*.py")):
        notebook = read_source(source)
        notebook.metadata["language_info"] = {"name": "python"}  # JupyterLab takes the team's kernel without asking
        nbformat.write(notebook, source.with_suffix(".ipynb"))  # type: ignore[no-untyped-call]
        source.unlink()
