"""What a drill found: checks that hold or not, and figures."""

from dataclasses import dataclass, field


@dataclass
class Verdict:
    """Collects the checks of one drill; a drill without a single check fails."""

    name: str
    checks: list[tuple[bool, str]] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)
    skipped: str | None = None

    def expect(self, holds: bool, what: str) -> None:
        """`what` is a sentence with its figures, true when the check holds."""
        self.checks.append((holds, what))

    def expect_none(self, faults: list[str], what: str) -> None:
        """Holds when the list is empty; shows the first of what it has."""
        shown = "".join(f"\n        {fault}" for fault in faults[:5])
        self.expect(not faults, f"{what}: {len(faults)}{shown}")

    def figure(self, name: str, value: object) -> None:
        self.figures[name] = str(value)

    @property
    def passed(self) -> bool:
        return self.skipped is not None or (bool(self.checks) and all(holds for holds, _ in self.checks))

    def lines(self) -> list[str]:
        if self.skipped is not None:
            return [f"skipped {self.name}: {self.skipped}"]
        head = f"{'ok     ' if self.passed else 'FAILED '} {self.name}"
        checks = [f"    {'ok ' if holds else 'NO '} {what}" for holds, what in self.checks]
        return [head, *checks, *(f"    {name}: {value}" for name, value in self.figures.items())]


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of all do not exceed; of nothing it is infinite."""
    if not values:
        return float("inf")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
