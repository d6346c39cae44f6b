"""The resources that a drill contends for: made through the API in a labelled centre of the demo network."""

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import aiohttp

from api import API, CallFailed
from ground import Ground

#: Minutes of the grid on which bookings begin and end.
GRID = 15
MINUTES_A_DAY = 1440


@dataclass(frozen=True)
class Resource:
    """What can be taken, as the checker counts it."""

    id: str
    name: str
    capacity: int
    setup: int = 0
    cleanup: int = 0
    is_unit: bool = False


@dataclass
class Workshop:
    """Resources of a site that is open day and night, and three days in a row on which it is."""

    centre: str
    first_day: date
    resources: list[Resource]

    @property
    def by_id(self) -> dict[str, Resource]:
        return {resource.id: resource for resource in self.resources}

    @property
    def first_minute(self) -> int:
        """Of the first day, UTC, counted since 1970."""
        return int(datetime.combine(self.first_day, datetime.min.time(), UTC).timestamp()) // 60

    @classmethod
    async def make(
        cls, session: aiohttp.ClientSession, base: str, ground: Ground, size: int = 1, centre: str | None = None
    ) -> "Workshop":
        """`size` multiplies the capacities: large for load that should find room, 1 for a race. Of the centre of the demo's manager
        unless another is named, where the network's manager makes it."""
        manager = API(session, base, ground.key("networkManager" if centre else "centreManager"))
        centre = centre or ground.keys["centreManager"]["centreId"]
        site = await manager.ask("POST", f"/v1/centres/{centre}/sites", {
            "name": f"Drill {secrets.token_hex(3)}", "kind": "fixed", "town": "Gosselies", "zone": "Europe/Brussels"})
        path = f"/v1/sites/{site['id']}"
        today = datetime.now(UTC).date()
        await manager.ask(
            "PUT", f"{path}/weekly-opening",
            {"from": today.isoformat(), "hours": [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]},
            {"If-Match": await manager.tag(path)})
        first_day = await cls.open_days(manager, path, today + timedelta(days=40))
        resources = [
            await cls.platform(manager, centre, site["id"], "bay", 1 * size, 0, 15),
            await cls.platform(manager, centre, site["id"], "room", 5 * size, 0, 0),
            await cls.platform(manager, centre, site["id"], "hall", 20 * size, 15, 15),
            *[await cls.unit(manager, centre, site["id"], f"robot {number}") for number in range(3 * size)],
        ]
        return cls(centre, first_day, resources)

    @staticmethod
    async def open_days(manager: API, path: str, earliest: date) -> date:
        """The middle of three days in a row that are open around the clock, and no earlier."""
        hours = await manager.ask("GET", f"{path}/open-hours?from={earliest}&to={earliest + timedelta(days=60)}")
        open_days = {date.fromisoformat(day["day"]) for day in hours["days"] if len(day["periods"]) == 1}
        for offset in range(57):
            day = earliest + timedelta(days=offset)
            # One more on each side: days of the site are not days in UTC.
            if all(day + timedelta(days=number) in open_days for number in range(-1, 5)):
                return day
        raise CallFailed("no days in a row on which the site is open")

    @staticmethod
    async def platform(manager: API, centre: str, site: str, name: str, seats: int, setup: int, cleanup: int) -> Resource:
        made = await manager.ask("POST", f"/v1/centres/{centre}/platforms", {
            "siteId": site, "name": f"Drill {name} {secrets.token_hex(3)}", "visibility": "shared", "workstations": seats,
            "rules": {"setupMinutes": setup, "cleanupMinutes": cleanup, "minimumMinutes": GRID, "gridMinutes": GRID}})
        return Resource(made["id"], name, seats, setup, cleanup)

    @staticmethod
    async def unit(manager: API, centre: str, site: str, name: str) -> Resource:
        made = await manager.ask("POST", f"/v1/centres/{centre}/equipment", {
            "name": f"Drill {name}", "category": "drill", "manufacturer": "Fictif", "model": "D-1",
            "inventoryNumber": f"DR-{secrets.token_hex(5)}", "siteId": site, "mobility": "mobile", "visibility": "shared",
            "rules": {"setupMinutes": 0, "cleanupMinutes": 15, "minimumMinutes": GRID, "gridMinutes": GRID}})
        return Resource(made["id"], name, 1, 0, 15, True)


def instant(minute: int) -> str:
    """A minute since 1970 as the API writes it."""
    return datetime.fromtimestamp(minute * 60, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
