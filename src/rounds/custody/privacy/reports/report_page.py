"""The report as one page: no script, no other host, every picture with its numbers as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from importlib.resources import files
from typing import Any

from rounds.counted import counted
from rounds.custody.privacy.reports.pictures import draw_classes, draw_crowds, draw_losses

FEW_COLUMNS = 4
WORDS = {"stop": "must be solved", "look": "decide", "note": "for the record"}


def render_page(report: dict[str, Any], fingerprint: str) -> str:
    """Return the whole page."""
    title = f"Privacy report: {report['dataset']}"
    parts = [_summary(report), _classes(report), _crowds(report), _columns(report), _statements(report)]
    parts += [_findings(report), _limits(report), _signature(fingerprint)]
    body = "\n".join(parts)
    style = files("rounds.custody.privacy.reports").joinpath("report.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>\n{body}\n</main></body></html>\n"
    )


def _summary(report: dict[str, Any]) -> str:
    passed, policy = report["verdict"] == "passed", report["policy"]
    left = sum(row["after"] for row in report["classes"])
    rows, gone = sum(report["rows"].values()), sum(report["suppressed"].values())
    said = _say_verdict(report) if passed else "Not yet: findings below must be solved first."
    return (
        f"<p>Challenge: {escape(report['challenge'])}. Written {_moment(report['written'])}.</p>"
        f'<div class="verdict{"" if passed else " not-yet"}"><strong>{said}</strong><ul>'
        f"<li>Direct identifiers: {counted(left, 'place was', 'places were')} found in 18 classes and free text.</li>"
        f"{_redacted(report)}"
        f"<li>Each person looks like at least {policy['k_measured']} people in the columns that count as known to "
        f"others: {escape(', '.join(report['counted']))} (k = {policy['k_measured']}; the policy asks for "
        f"{policy['k']}). Times do not count.</li>{_say_outside_knowledge(report)}"
        f"<li>{counted(rows, 'row is', 'rows are')} left, {counted(gone, 'was', 'were')} taken out because too "
        f"few people look like them ({_share(gone, rows + gone)}).</li>{_say_rows_without_person(report)}"
        f"<li>Standard: {escape(report['standard'])}.</li></ul></div>"
    )


def _say_verdict(report: dict[str, Any]) -> str:
    """Say that the rules are kept, and that people decide where the crowd is smaller for who knows more."""
    if any(f["kind"] == "beyond" for f in report["findings"]["after"]):
        return "It keeps the policy's rules. Who knows more sees smaller crowds: expert and committee decide."
    return "Nothing bars this dataset from being shared."


def _redacted(report: dict[str, Any]) -> str:
    """Say that free text was kept, and that no program can tell it is clean; nothing when there is none."""
    if not report["redacted"]:
        return ""
    where = escape(", ".join(report["redacted"]))
    return f"<li>Free text was redacted and kept in {where}. No program finds every name: a person must read it.</li>"


def _say_outside_knowledge(report: dict[str, Any]) -> str:
    """Say in how many rows the crowd is smaller for somebody who knows one more time; the expert needs the number."""
    found = [f for f in report["findings"]["after"] if f["kind"] == "beyond"]
    return "".join(
        f"<li>In {f['count']:,} of {counted(f['total'], 'row')} of {escape(f['where'].split('.')[0])}, "
        f"{escape(f['what'])}.</li>"
        for f in found
    )


def _say_rows_without_person(report: dict[str, Any]) -> str:
    """Say how many rows went because they belonged to nobody; nothing when there were none."""
    gone = sum(report["without_person"].values())
    return f"<li>{counted(gone, 'row')} had no person, or hung on such a row, and went first.</li>" if gone else ""


def _classes(report: dict[str, Any]) -> str:
    rows = [row for row in report["classes"] if row["before"] or row["after"]]
    picture = ""
    if rows and all(row["before"] is not None for row in rows):
        svg = draw_classes([(row["title"], row["before"], row["after"]) for row in rows])
        picture = _figure(
            svg, "Classes of identifiers that were found, before and after. The table has the same numbers."
        )
    cells = [(row["class"], row["title"], _number(row["before"]), _number(row["after"])) for row in report["classes"]]
    table = _table(
        "The 18 classes of Safe Harbor, and free text: places found", ("letter", "class", "before", "after"), cells, 2
    )
    return f"<h2>Identifiers</h2>{picture}<details open><summary>All classes</summary>{table}</details>"


def _crowds(report: dict[str, Any]) -> str:
    before = {crowd["table"]: crowd for crowd in report["crowds"]["before"]}
    parts = ["<h2>The crowd around each person</h2>"]
    for crowd in report["crowds"]["after"]:
        old = before.get(crowd["table"], {})
        svg = draw_crowds(old.get("sizes", []), crowd["sizes"], crowd["counts"])
        known = ", ".join(name.split(".", 1)[1] for name in crowd["quasi"])
        says = (
            f"Table {crowd['table']}: how many {crowd['counts']} look the same in {known}. The table has the numbers."
        )
        if old and old["quasi"] != crowd["quasi"]:
            says += f" Before: in {', '.join(name.split('.', 1)[1] for name in old['quasi'])}."
        parts.append(_figure(svg, says))
        parts.append(_crowd_table(crowd, old))
    return "".join(parts)


def _crowd_table(crowd: dict[str, Any], old: dict[str, Any]) -> str:
    titles = {
        "k": "k: the smallest crowd",
        "l": "l: fewest different outcomes in a crowd",
        "t": "t: largest distance of a crowd's outcomes to all",
        "highest_risk": "highest risk of re-identification",
        "average_risk": "average risk of re-identification",
        "unique_rows": "rows that are alone",
        "rows": "rows",
        "classes": "crowds",
    }
    cells = [(title, _number(old.get(key)), _number(crowd[key])) for key, title in titles.items()]
    was = dict(old.get("sizes", []))
    cells += [(f"rows in crowds of {label}", _number(was.get(label)), _number(n)) for label, n in crowd["sizes"]]
    return _table(f"Table {crowd['table']}: measures", ("measure", "before", "after"), cells, 1)


def _columns(report: dict[str, Any]) -> str:
    coarse = [(c["where"].split(".", 1)[1], c["loss"]) for c in report["columns"] if c["level"]]
    picture = (
        _figure(draw_losses(coarse), "Detail that each quasi-identifier lost; the table has the numbers.")
        if coarse
        else ""
    )
    cells = [
        (
            c["where"],
            c["means"],
            c["role"],
            c["level"],
            f"{c['loss']:.0%}" if c["level"] else "",
            _number(c["blanked"]) if c["blanked"] else "",
            c["reason"],
        )
        for c in report["columns"]
    ]
    heads = ("column", "what was done", "role", "written as", "detail lost", "impossible values blanked", "reason")
    best = (
        "no other combination of levels loses less"
        if report["loss"]["optimal"]
        else "the best found within the limit of tries"
    )
    return (
        f"<h2>What was done</h2>{picture}<p>Levels were chosen by a search: {best}. "
        f"Discernibility: {report['loss']['discernibility']:,}.</p>"
        f"{_table('Every column', heads, cells, 99)}"
    )


def _statements(report: dict[str, Any]) -> str:
    titles = {"expert": "Expert determination", "override": "Custodian's override of k"}
    said = [
        f"<h3>{titles[key]}</h3><blockquote><p>{escape(entry['text'])}</p></blockquote>"
        f"<p>{escape(entry['name'])}, {escape(entry['date'])}</p>"
        for key, entry in report["statements"].items()
        if entry["name"]
    ]
    return f"<h2>Statements</h2>{''.join(said) or '<p>None was needed.</p>'}"


def _findings(report: dict[str, Any]) -> str:
    parts = ["<h2>Findings</h2>"]
    for key, title in (("after", "After de-identification"), ("before", "Before")):
        found = report["findings"][key]
        if found:
            rows = "".join(_finding_row(f) for f in found)
            heads = "".join(f'<th scope="col">{h}</th>' for h in ("weight", "where", "what", "how many", "what to do"))
            table = _scrolling(title, f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>")
            opened = " open" if key == "after" else ""
            parts.append(
                f"<details{opened}><summary>{title}: {counted(len(found), 'finding')}</summary>{table}</details>"
            )
    return "".join(parts)


def _finding_row(f: dict[str, Any]) -> str:
    amount = f"{f['count']:,} of {f['total']:,}" if f["total"] else ""
    cells = "".join(f"<td>{_breakable(str(v))}</td>" for v in (f["where"], f["what"], amount, f["advice"]))
    return f'<tr><td class="{f["severity"]}">{WORDS[f["severity"]]}</td>{cells}</tr>'


def _limits(report: dict[str, Any]) -> str:
    items = "".join(f"<li>{escape(text)}</li>" for text in report["limits"])
    return f"<h2>What this report cannot say</h2><ul>{items}</ul>"


def _signature(fingerprint: str) -> str:
    return (
        "<h2>Signature</h2><p>The JSON file of the same name is signed (Ed25519), and its signature covers this page. "
        f"Fingerprint of the custodian's key: <code>{fingerprint}</code>. "
        "To verify: <code>rounds data verify-report FILE.json</code>.</p>"
    )


def _figure(svg: str, says: str) -> str:
    picture = f'<div role="img" aria-label="{escape(says)}">{svg}</div>'
    picture = f'<div class="wide" tabindex="0" role="region" aria-label="Picture: {escape(says[:60])}">{picture}</div>'
    return f"<figure>{picture}<figcaption>{escape(says)}</figcaption></figure>"


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], numbers_from: int) -> str:
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = "".join(
        "<tr>"
        + "".join(f"<td{' class=n' if i >= numbers_from else ''}>{_breakable(v)}</td>" for i, v in enumerate(row))
        + "</tr>"
        for row in rows
    )
    whole = f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return _scrolling(caption, whole, len(heads) > FEW_COLUMNS)


def _scrolling(title: str, inside: str, many: bool = True) -> str:
    """Return a table that scrolls by itself on a narrow screen, by keyboard as well; the first column stays."""
    wide = "wide many" if many else "wide"
    return f'<div class="{wide}" tabindex="0" role="region" aria-label="{escape(title)}"><table>{inside}</table></div>'


def _breakable(text: str) -> str:
    """Return text for a cell: a long name may break after a point or an underscore, never inside a word or a number."""
    if text[:1].isdigit():
        return escape(text)
    return escape(text).replace("_", "_<wbr>").replace(".", ".<wbr>") if " " not in text else escape(text)


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def _moment(text: str) -> str:
    """Return a moment as people write it: 25 November 2026, 19:38 UTC."""
    at = datetime.fromisoformat(text)
    return escape(f"{at.day} {at:%B %Y, %H:%M} {at.tzname() or ''}".strip())


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "0 %"
