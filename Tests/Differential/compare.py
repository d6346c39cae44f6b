"""Compares what Swift understood of asyncpg's values, and what asyncpg understands of Swift's."""

import asyncio
import sys

from canonical import CODECS, COUNT
from connection import connect, notes, table


async def main() -> int:
    connection = await connect()
    differences = 0
    compared = 0
    for codec in CODECS:
        rows = await connection.fetch(f"select v from {table('swift', codec.name)} order by n")
        pairs = [
            ("swift read", notes("asyncpg", codec.name), notes("read", codec.name)),
            ("asyncpg read", notes("wrote", codec.name), [codec.write(row["v"]) for row in rows]),
        ]
        for what, expected, found in pairs:
            if len(expected) != COUNT or len(found) != COUNT:
                print(f"{codec.name}: {what} {len(found)} values of {len(expected)}, wanted {COUNT}")
                differences += 1
            for row, (left, right) in enumerate(zip(expected, found, strict=False)):
                compared += 1
                if left != right:
                    differences += 1
                    if differences <= 20:
                        print(f"{codec.name} row {row}: written {left}, {what} {right}")
    await connection.close()
    print(f"{compared} values of {len(CODECS)} types compared, {differences} differences")
    return 1 if differences else 0


sys.exit(asyncio.run(main()))
