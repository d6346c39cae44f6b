#!/usr/bin/env python3
"""Reads `/metrics` of a running demo server as Prometheus' own client does, and finds in it what the service was just asked."""

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections import Counter

from prometheus_client.parser import text_string_to_metric_families

#: Families without which a dashboard would be blind.
WANTED = {
    "http_server_request_duration_seconds": "histogram", "http_server_active_requests": "gauge", "http_server_response_bytes": "counter",
    "postgres_wait_seconds": "histogram", "postgres_round_trip_seconds": "histogram", "postgres_group_size": "histogram",
    "postgres_connections_ready": "gauge", "postgres_groups_done": "counter", "postgres_leases_out": "gauge",
    "process_cpu_seconds": "counter", "process_resident_memory_bytes": "gauge", "process_open_fds": "gauge", "plateau_build_info": "gauge",
    "plateau_metrics_dropped_series": "counter",
}


def faults_of(text):
    """What is wrong with an exposition by itself."""
    families = list(text_string_to_metric_families(text))
    faults = [f"{name}: is there {count} times" for name, count in Counter(family.name for family in families).items() if count > 1]
    for family in families:
        if family.type == "unknown" or not family.documentation:
            faults.append(f"{family.name}: has no type or no help")
        series = Counter((sample.name, tuple(sorted(sample.labels.items()))) for sample in family.samples)
        faults += [f"{name} {dict(labels)}: is there {count} times" for (name, labels), count in series.items() if count > 1]
        if family.type == "histogram":
            faults += histogram_faults(family)
    kinds = {family.name: family.type for family in families}
    return faults + [f"{name}: should be a {kind}, is {kinds.get(name, 'missing')}" for name, kind in WANTED.items() if kinds.get(name) != kind]


def histogram_faults(family):
    series = {}
    for sample in family.samples:
        labels = {name: value for name, value in sample.labels.items() if name != "le"}
        held = series.setdefault(tuple(sorted(labels.items())), {"buckets": [], "count": None, "sum": None})
        if sample.name.endswith("_bucket"):
            held["buckets"].append((float(sample.labels["le"]), sample.value))
        else:
            held[sample.name.rsplit("_", 1)[1]] = sample.value
    for labels, held in series.items():
        counts = [count for _, count in held["buckets"]]
        if held["sum"] is None or held["count"] is None or not counts:
            yield f"{family.name} {dict(labels)}: lacks buckets, sum or count"
        elif held["buckets"] != sorted(held["buckets"]) or counts != sorted(counts):
            yield f"{family.name} {dict(labels)}: buckets that do not grow"
        elif held["buckets"][-1][0] != float("inf") or counts[-1] != held["count"]:
            yield f"{family.name} {dict(labels)}: the last bucket is not everything"


def requests_in(text):
    """How many requests were measured, by method, route and status."""
    counted = {}
    for family in text_string_to_metric_families(text):
        if family.name == "http_server_request_duration_seconds":
            for sample in family.samples:
                if sample.name.endswith("_count"):
                    labels = sample.labels
                    counted[labels["http_request_method"], labels["http_route"], labels["http_response_status_code"]] = sample.value
    return counted


def ask(address, key=None, body=None):
    request = urllib.request.Request(address, data=body, headers={"Authorization": f"Bearer {key}"} if key else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--demo", required=True, help="the file of addresses and keys that plateau start writes")
    options.add_argument("--port", required=True, type=int, help="the port of /metrics")
    given = options.parse_args()
    with open(given.demo, encoding="utf-8") as file:
        demo = json.load(file)
    base, key = demo["baseURL"], demo["trainingOrganisation"]["key"]
    metrics = f"http://127.0.0.1:{given.port}/metrics"
    before = requests_in(ask(metrics)[1])
    asked = [
        ("GET", "/v1/me", 200, {"key": key}), ("GET", "/v1/me", 401, {}), ("GET", "NotFound", 404, {"path": "/v1/nowhere"}),
        ("POST", "/v1/bookings", 415, {"key": key, "body": b"{}"}),
    ]
    for _, route, status, how in asked:
        answered, _ = ask(base + how.pop("path", route), **how)
        if answered != status:
            sys.exit(f"{route}: {answered} instead of {status}")
    _, text = ask(metrics)
    faults = faults_of(text)
    after = requests_in(text)
    for method, route, status, _ in asked:
        name = (method, route, str(status))
        if after.get(name, 0) != before.get(name, 0) + 1:
            faults.append(f"{name}: {after.get(name, 0)} after {before.get(name, 0)}, though it was asked once")
    if ask(f"{base}/metrics")[0] != 404:
        faults.append("/metrics is served on the port of the API")
    for fault in faults:
        print(fault)
    print(f"{len(text.splitlines())} lines, {len(after)} series of requests, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
