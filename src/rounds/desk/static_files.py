"""Serve the desk's static files: kept by browsers as long as they like, for a change has a new address."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from rounds.desk.desk import desk_of

router = APIRouter()


@router.get("/static/{version}/{name}")
async def show_file(request: Request, version: str, name: str) -> Response:
    """Return one file; an old version's address leads to the new one."""
    desk = desk_of(request)
    if name not in desk.assets.content:
        raise HTTPException(404)
    if version != desk.assets.version:
        return RedirectResponse(f"{desk.settings.prefix}static/{desk.assets.version}/{name}", 307)
    return Response(
        desk.assets.content[name],
        media_type=desk.assets.media_type(name),
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
