"""Files that came along with a form -> its lists: CSV, GeoJSON, XML; `itemsets.csv` holds several."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from lxml import etree

from forms.errors import ErrorList
from forms.limits import MAX_JSON_PARTS, MAX_LIST_CELLS, MAX_LIST_ROWS, MAX_XML_TAGS, Refused, Unreadable
from forms.readers import decode
from forms.runtime import text as as_text
from forms.xml import read_xml

Rows = list[dict[str, str]]
_SEPARATORS = ",;\t"
_ITEMSETS = "itemsets"
_LIST_NAME = "list_name"


@dataclass(frozen=True, slots=True)
class Attached:
    """What came with a form, by the name of its list: rows of CSV and GeoJSON files, roots of XML files."""

    rows: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    documents: Mapping[str, etree._Element] = field(default_factory=dict)

    def beside(self, rows: Mapping[str, Sequence[Mapping[str, str]]]) -> Attached:
        """The same with other lists, unless a file has their name."""
        return Attached({**rows, **self.rows}, self.documents)

    def columns(self) -> dict[str, set[str]]:
        """The columns of each list, as its first row has them."""
        return {name: {column for row in rows[:1] for column in row} for name, rows in self.rows.items()}


def read_attachments(files: Mapping[str, bytes], errors: ErrorList) -> Attached:
    """Read every file that holds a list; pictures and sounds are left to others."""
    rows: dict[str, Rows] = {}
    documents: dict[str, etree._Element] = {}
    for name, source in files.items():
        path = PurePath(name)
        kind = path.suffix.lower()
        if kind == ".xml":
            if (root := read_xml(source, errors, MAX_XML_TAGS)) is not None:
                documents[path.stem] = root
        elif kind in _READERS:
            found = _read_rows(path, source, errors)
            rows.update(_by_list(found) if path.stem == _ITEMSETS else {path.stem: found})
    return Attached(rows, documents)


def _read_rows(path: PurePath, source: bytes, errors: ErrorList) -> Rows:
    try:
        return _READERS[path.suffix.lower()](source, path.name)
    except (csv.Error, Unreadable, ValueError, OverflowError, RecursionError) as error:
        errors.add("bad_attachment", name=path.name, reason=str(error)[:200])
    except Refused as refused:
        errors.add(refused.code, refused.place, **refused.values)
    return []


def _read_csv(source: bytes, name: str) -> Rows:
    """The first row of a CSV names the columns; Excel separates them as its country does."""
    rows: Rows = []
    n_cells = 0
    text = decode(source)
    separator = max(_SEPARATORS, key=text.partition("\n")[0].count)
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
        rows.append({key.strip(): (value or "").strip() for key, value in row.items() if key})
        n_cells += len(row)
        if len(rows) > MAX_LIST_ROWS or n_cells > MAX_LIST_CELLS:
            raise _too_long(name)
    return rows


def _too_long(name: str) -> Refused:
    return Refused("list_too_long", name=name, rows=f"{MAX_LIST_ROWS:,}", cells=f"{MAX_LIST_CELLS:,}")


def _by_list(rows: Rows) -> dict[str, Rows]:
    """`itemsets.csv` holds the rows of every select_one_external, told apart by their first column."""
    lists: dict[str, Rows] = {}
    for row in rows:
        lists.setdefault(row.get(_LIST_NAME, ""), []).append(row)
    return lists


def _read_geojson(source: bytes, name: str) -> Rows:
    """A row for each feature: its `geometry` as ODK writes places, its `id`, and its properties.

    Source: ODK XForms, external secondary instances.
    """
    if source.count(b"{") + source.count(b"[") > MAX_JSON_PARTS or source.count(b",") > MAX_LIST_CELLS:
        raise _too_long(name)
    found = json.loads(decode(source))
    if not isinstance(found, dict) or not isinstance(found.get("features"), list):
        raise Unreadable("no FeatureCollection")
    if len(found["features"]) > MAX_LIST_ROWS:
        raise _too_long(name)
    return [_feature(each) for each in found["features"] if isinstance(each, dict)]


def _feature(feature: Mapping[str, object]) -> dict[str, str]:
    properties = feature.get("properties")
    row = {name: _plain(value) for name, value in properties.items()} if isinstance(properties, dict) else {}
    if "id" in feature:
        row["id"] = _plain(feature["id"])
    row["geometry"] = "; ".join(_places(feature.get("geometry")))
    return row


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return (
        as_text(float(value)) if isinstance(value, int | float) else value if isinstance(value, str) else ""
    )


def _places(geometry: Any) -> Iterator[str]:
    """`latitude longitude 0 0` for each position: GeoJSON has them the other way round."""
    if not isinstance(geometry, dict):
        return
    kind, positions = geometry.get("type"), geometry.get("coordinates") or []
    try:
        listed = [positions] if kind == "Point" else positions[0] if kind == "Polygon" else positions
        for longitude, latitude, *_ in listed:
            yield f"{as_text(float(latitude))} {as_text(float(longitude))} 0 0"
    except (TypeError, ValueError, IndexError) as error:
        raise Unreadable(f"{kind}: {positions!r:.50}") from error


_READERS = {".csv": _read_csv, ".geojson": _read_geojson}
