#!/usr/bin/env python3
"""Runs schemathesis over the contract with a key of each role, against a running demo server."""

import argparse
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from contract import CONTRACT_PATH, Contract
from network import CENTRE_ROLES, NETWORK_ROLES, ORGANISATION_ROLES, Network, Wire
from run_examples import keys_of

HERE = Path(__file__).resolve().parent
ROLES = (*ORGANISATION_ROLES, *CENTRE_ROLES, *NETWORK_ROLES)
#: Who together may do everything.
SHORT_ROLES = ("booker", "centreManager", "networkManager", "labelAuthority")
FULL_CASES = 10_000
#: Runs side by side: each leaves its processor idle while it waits for answers.
AT_ONCE = 2
#: `coverage` walks along the edges of every schema, some 2,500 cases: for those who get beyond a 403. The others do without.
FULL_PHASES = "examples,coverage,fuzzing,stateful"
OTHER_PHASES = "examples,fuzzing,stateful"


def described(network: Network, base_url: str) -> dict:
    """What the hooks need to know, with the ids of the keys that must not be revoked on the way."""
    callers = [network.keys[role] for role in ROLES]
    ids = [network.call(key, "GET", "/v1/me").needed("/v1/me").json["keyId"] for key in callers]
    return {**network.description(), "baseURL": base_url, "keyIds": ids}


def phases_of(role: str, is_full: bool) -> str:
    if not is_full:
        return "examples,fuzzing"
    return FULL_PHASES if role in SHORT_ROLES else OTHER_PHASES


def command(base_url: str, key: str, phases: str, examples: int, seed: int) -> list[str]:
    program = Path(sys.executable).with_name("schemathesis")
    return [str(program), "--config-file", str(HERE / "schemathesis.toml"), "run", str(CONTRACT_PATH), "--url", base_url,
            "--header", f"Authorization: Bearer {key}", "--phases", phases, "--max-examples", str(examples), "--seed", str(seed)]


def run(role: str, network: Network, base_url: str, phases: str, examples: int, seed: int, reports: Path | None):
    """(exit code, output, what was asked and answered)."""
    with tempfile.TemporaryDirectory(prefix="plateau-contract-") as folder:
        kept, record = Path(folder, "network.json"), Path(folder, "record.jsonl")
        kept.write_text(json.dumps(described(network, base_url)), encoding="utf-8")
        record.touch()
        environment = {**os.environ, "PYTHONPATH": str(HERE), "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
                       "PLATEAU_NETWORK": str(kept), "PLATEAU_RECORD": str(record), "PLATEAU_ROLE": role, "NO_COLOR": "1"}
        asked = command(base_url, network.keys[role], phases, examples, seed)
        done = subprocess.run(asked, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    output = re.sub(r"plt_\w+", "plt_…", done.stdout + done.stderr)
    if reports is not None:
        (reports / f"schemathesis-{role}.txt").write_text(output, encoding="utf-8")
    return done.returncode, output, lines


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", default=".plateau/demo.json", help="the file with address and keys that the demo writes")
    parser.add_argument("--full", action="store_true", help=f"every role and phase, at least {FULL_CASES} cases in all")
    parser.add_argument("--roles", nargs="*", default=None)
    parser.add_argument("--phases", default=None)
    parser.add_argument("--examples", type=int, default=None, help="cases of each operation in a phase")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reports", type=Path, default=None, help="a directory for the output of each run")
    options = parser.parse_args(arguments)
    with open(options.demo, encoding="utf-8") as file:
        demo = json.load(file)
    keys = keys_of(demo)
    examples = options.examples or (10 if options.full else 1)
    statuses, total, failed = collections.defaultdict(collections.Counter), 0, 0

    def ask(role):
        start = time.monotonic()
        phases = options.phases or phases_of(role, options.full)
        # Each role gets a network that no other has changed.
        network = Network(Wire(demo["baseURL"]).send, keys["networkManager"], keys["labelAuthority"],
                          keys["trainingOrganisation"], keys["centreManager"]).make()
        return role, *run(role, network, demo["baseURL"], phases, examples, options.seed, options.reports), time.monotonic() - start

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for role, code, output, lines, seconds in pool.map(ask, options.roles or (ROLES if options.full else SHORT_ROLES)):
            for line in lines:
                statuses[line["operation"]][line["status"]] += line["method"] != "OPTIONS"
            total += len(lines)
            # It ends with 0 also when one of its own threads broke off.
            is_broken = code != 0 or "Traceback (most recent call last)" in output
            failed += is_broken or not lines
            print(f"{role}: {len(lines)} cases in {seconds:.0f} s, {'FAILED' if is_broken else 'ok'}", flush=True)
            if is_broken:
                print(output)
    silent = [operation.id for operation in Contract.load().operations
              if not any(200 <= status < 300 for status in statuses[operation.id])]
    faults = failed + len(silent) + (options.full and total < FULL_CASES)
    if silent:
        print(f"without a 2xx ({len(silent)}): {', '.join(silent)}")
    print(f"{total} cases, {len(statuses)} operations, {failed} roles with failures, {len(silent)} operations without a 2xx")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
