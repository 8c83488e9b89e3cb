"""What SQLite's planner is told of the tables: no town is small, and everything else tells rows apart.

Without figures SQLite takes a town for ten rows, so it walks through all of a town's records to find one
file or one fingerprint. Figures measured once (`ANALYZE`) go stale as a town grows, and other connections
don't hear of new ones; what is written here holds from the first record to the millionth.
Source: sqlite.org/fileformat2.html, section 2.6.3, the sqlite_stat1 table.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

ROWS = 1_000_000
SAME_BY_COLUMN = 1000  # how many times fewer rows agree for each further column of an index
TOWN = "town_id"

INDEXES = text(
    'SELECT m.name AS "table", i.name AS name, i."unique" AS is_unique,'
    " (SELECT group_concat(c.name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) AS c)"
    " AS columns"
    " FROM sqlite_master AS m, pragma_index_list(m.name) AS i WHERE m.type = 'table'"
)


def teach_planner(connection: Connection) -> None:
    """Write the figures of every index; does nothing on other databases."""
    if connection.dialect.name != "sqlite":
        return
    connection.execute(text("ANALYZE sqlite_master"))  # makes the table of figures where there is none
    connection.execute(text("DELETE FROM sqlite_stat1"))
    rows = [
        {"tbl": row.table, "idx": row.name, "stat": figures(row.columns.split(","), bool(row.is_unique))}
        for row in connection.execute(INDEXES)
    ]
    connection.execute(text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:tbl, :idx, :stat)"), rows)
    connection.execute(text("ANALYZE sqlite_master"))  # lets this connection read them, too


def figures(columns: list[str], is_unique: bool) -> str:
    """The number of rows, then for each column how many rows agree in it and those before it."""
    same, told = ROWS, [ROWS]
    for column in columns:
        if column != TOWN:
            same = max(1, same // SAME_BY_COLUMN)
        told.append(same)
    if is_unique:
        told[-1] = 1
    return " ".join(map(str, told))
