#!/usr/bin/env python3
"""Validates exchanges recorded by the tests (JSON lines) against the contract."""

import argparse
import json
import sys

from contract import Contract
from exchanges import Exchange, faults_of


def validate(lines, contract):
    """(faults, operations that answered 2xx, number of exchanges)."""
    faults, succeeded, count = [], set(), 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        count += 1
        try:
            exchange = Exchange(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            faults.append(f"line {number}: not an exchange: {error!r}")
            continue
        found, operation = faults_of(exchange, contract)
        faults += [f"line {number}: {exchange}: {fault}" for fault in found]
        if operation is not None and exchange.status < 300 and not found:
            succeeded.add(operation.id)
    return faults, succeeded, count


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", help="recordings, one exchange a line")
    parser.add_argument("--require-all", action="store_true", help="fail when an operation has no valid 2xx")
    options = parser.parse_args(arguments)
    contract = Contract.load()
    faults, succeeded, count = [], set(), 0
    for name in options.files:
        with open(name, encoding="utf-8") as file:
            found, done, number = validate(file, contract)
        faults += [f"{name} {fault}" for fault in found]
        succeeded |= done
        count += number
    print(*faults, sep="\n", end="\n" if faults else "")
    silent = [operation.id for operation in contract.operations if operation.id not in succeeded]
    if silent:
        print(f"without a valid 2xx ({len(silent)}): {', '.join(silent)}")
    print(f"{count} exchanges, {len(faults)} faults, {len(succeeded)} of {len(contract.operations)} operations answered 2xx")
    return 1 if faults or count == 0 or (silent and options.require_all) else 0


if __name__ == "__main__":
    sys.exit(main())
