"""The list of guards, and the SQL that takes one away."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("guards.toml")
SCHEMA = ROOT / "sql/schema.sql"
KEYS = {"name", "function", "remove", "with", "sql", "each", "red", "shows", "is_pattern", "alone", "together", "slow", "apart"}


class GuardListFault(Exception):
    """The list does not fit the schema."""


@dataclass(frozen=True)
class Guard:
    """One guard."""

    name: str
    #: Takes it away, or fails.
    script: str
    red: str
    shows: str
    is_pattern: bool = False
    is_alone: bool = False
    is_together: bool = False
    is_slow: bool = False
    is_apart: bool = False
    #: The function and the part of it that is removed.
    part: tuple[str, str] | None = None

    def is_shown(self, said: str) -> bool:
        return bool(re.search(self.shows, said)) if self.is_pattern else self.shows in said

    def overlaps(self, other: Guard) -> bool:
        """Whether what one removes is no longer there when the other has been taken away."""
        if self.part is None or other.part is None:
            return self.script == other.script
        return self.part[0] == other.part[0] and (self.part[1] in other.part[1] or other.part[1] in self.part[1])


def quoted(text: str) -> str:
    """A literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def change_of(function: str, old: str, new: str) -> str:
    """Replaces a part of the body of a function, which must be there."""
    return f"""
do $change$
declare
    v_function oid := (select p.oid from pg_proc p where format('%s.%s', p.pronamespace::regnamespace, p.proname) = {quoted(function)});
    v_whole text := pg_get_functiondef(v_function);
begin
    if strpos(v_whole, {quoted(old)}) = 0 then
        raise exception 'no longer there in %: %', {quoted(function)}, {quoted(old)};
    end if;
    execute replace(v_whole, {quoted(old)}, {quoted(new)});
end
$change$;"""


def body_of(function: str, schema: str) -> str:
    """Of a function, as the page of the whole schema has it."""
    found = re.findall(rf"^CREATE FUNCTION {re.escape(function)}\(.*?^\$\$;", schema, re.MULTILINE | re.DOTALL)
    if len(found) != 1:
        raise GuardListFault(f"sql/schema.sql has {len(found)} functions {function}")
    return found[0]


def read(path: Path = LIST, schema: str | None = None) -> list[Guard]:
    """Every guard, those of families one by one.

    Raises: `GuardListFault` for what the schema no longer has, unknown keys, and names that stand twice.
    """
    schema = SCHEMA.read_text() if schema is None else schema
    guards = [guard for entry in tomllib.loads(path.read_text())["guard"] for guard in made(entry, schema)]
    names = [guard.name for guard in guards]
    if twice := {name for name in names if names.count(name) > 1}:
        raise GuardListFault(f"named twice: {', '.join(sorted(twice))}")
    return guards


def made(entry: dict[str, Any], schema: str) -> list[Guard]:
    if unknown := set(entry) - KEYS:
        raise GuardListFault(f"{entry.get('name')}: unknown keys {', '.join(sorted(unknown))}")
    options = {"is_pattern": entry.get("is_pattern", False), "is_alone": entry.get("alone", False),
               "is_together": entry.get("together", False), "is_slow": entry.get("slow", False),
               "is_apart": entry.get("apart", False)}
    if "function" in entry:
        if entry["remove"] not in body_of(entry["function"], schema):
            raise GuardListFault(f"{entry['name']}: {entry['function']} has no longer “{entry['remove']}”")
        script = change_of(entry["function"], entry["remove"], entry.get("with", ""))
        return [Guard(entry["name"], script, entry["red"], entry["shows"], part=(entry["function"], entry["remove"]), **options)]
    if "each" not in entry:
        return [Guard(entry["name"], entry["sql"] + ";", entry["red"], entry["shows"], **options)]
    found = list(re.finditer(entry["each"], schema))
    if not found:
        raise GuardListFault(f"{entry['name']}: nothing in sql/schema.sql matches “{entry['each']}”")
    return [
        Guard(filled(entry["name"], match), filled(entry["sql"], match) + ";", entry["red"],
              filled(entry["shows"], match, escapes=options["is_pattern"]), **options)
        for match in found
    ]


def filled(text: str, match: re.Match[str], escapes: bool = False) -> str:
    for number, group in enumerate(match.groups(), start=1):
        text = text.replace(f"{{{number}}}", re.escape(group) if escapes else group)
    return text


def batches(guards: list[Guard], one_by_one: bool = False) -> list[list[Guard]]:
    """What is taken away together: guards with the same test that are told apart by what it says, and not the same text twice."""
    found: list[list[Guard]] = []
    for guard in guards:
        fitting = next((
            batch for batch in found
            if batch[0].red == guard.red and not guard.is_alone and not batch[0].is_alone and not guard.is_apart
            and (not one_by_one or guard.is_together and batch[0].is_together)
            and all(not guard.overlaps(other) and guard.shows not in other.shows and other.shows not in guard.shows
                    for other in batch)), None)
        if fitting is None:
            found.append([guard])
        else:
            fitting.append(guard)
    return found


#: Tests in one process: few enough that the last portions end at about the same time.
MOST_TESTS = 15


def portions(chosen: list[list[Guard]]) -> list[list[list[Guard]]]:
    """Batches for one process each: every test in it loses the guards of its own batch, so no test stands in it twice.

    What the whole cluster would notice is apart.
    """
    found: list[list[list[Guard]]] = []
    for batch in chosen:
        fitting = None if batch[0].is_apart else next((
            portion for portion in found
            if len(portion) < MOST_TESTS and not portion[0][0].is_apart
            and all(batch[0].red not in other[0].red and other[0].red not in batch[0].red for other in portion)), None)
        if fitting is None:
            found.append([batch])
        else:
            fitting.append(batch)
    return found
