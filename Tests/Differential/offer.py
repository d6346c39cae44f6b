"""Stores random values of every type through asyncpg, for Swift to read, and makes the tables for Swift's own."""

import asyncio
import os
import random

from canonical import CODECS, COUNT
from connection import NOTES, connect, table


async def main() -> None:
    seed = int(os.environ.get("PLATEAU_DIFFERENTIAL_SEED") or random.SystemRandom().getrandbits(48))
    print(f"seed {seed} (PLATEAU_DIFFERENTIAL_SEED repeats it)")
    (NOTES / "seed").write_text(str(seed))
    source = random.Random(seed)
    connection = await connect()
    for codec in CODECS:
        for writer in ("asyncpg", "swift"):
            await connection.execute(f'create table {table(writer, codec.name)} (n int4 primary key, v {codec.name} not null)')
        values = [codec.make(source) for _ in range(COUNT)]
        await connection.copy_records_to_table(table("asyncpg", codec.name), records=list(enumerate(values)))
        # What asyncpg itself reads back: the server normalises ranges and JSON.
        rows = await connection.fetch(f"select v from {table('asyncpg', codec.name)} order by n")
        lines = [codec.write(row["v"]) for row in rows]
        (NOTES / f"asyncpg-{codec.name.replace('[]', '_list')}.txt").write_text("".join(f"{line}\n" for line in lines))
    await connection.close()


asyncio.run(main())
