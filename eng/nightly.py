#!/usr/bin/env python3
"""Writes docs/nightly.md: what the nightly set tries, by the .trx files of a run of ./test.sh --nightly.

    eng/nightly.py RESULTS... >docs/nightly.md

Of a test that is in several files the last one counts. A test is of the set when it says so: its output has the line "nightly"
(TestMachine). The lines "kernel RELEASE" name its kernels.
"""
import sys
import xml.etree.ElementTree as tree
from datetime import datetime, timezone

NAMESPACE = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"


def results(path):
    """(End of the run, class and test, kernels, outcome, seconds) of each test of the set in a run."""
    root = tree.parse(path).getroot()
    finish = datetime.fromisoformat(root.find(f"{NAMESPACE}Times").get("finish")).astimezone(timezone.utc)
    end = f"{finish:%Y-%m-%d %H:%M}"
    for result in root.iter(f"{NAMESPACE}UnitTestResult"):
        lines = (result.findtext(f"{NAMESPACE}Output/{NAMESPACE}StdOut") or "").splitlines()
        if "nightly" not in lines:
            continue
        kernels = sorted({line.split()[1] for line in lines if line.startswith("kernel ") and len(line.split()) == 2})
        hours, minutes, seconds = result.get("duration", "0:0:0").split(":")
        yield (end, result.get("testName").removeprefix("Lifeboat.Machine.Tests."), ", ".join(kernels),
               result.get("outcome").lower(), int(hours) * 3600 + int(minutes) * 60 + float(seconds))


def main(paths):
    found = sorted({entry[1]: entry for path in paths for entry in results(path)}.values(), key=lambda entry: entry[1])
    if not found:
        sys.exit("no test of the nightly set is in these files")
    passed = sum(entry[3] == "passed" for entry in found)
    failed = sum(entry[3] == "failed" for entry in found)
    print("# The nightly set\n")
    print("What `./test.sh --nightly` tries beyond `./test.sh`: it takes long, or is the same again more often. The run writes this file.\n")
    print(f"The last results: {passed} passed, {failed} failed, {len(found) - passed - failed} skipped.\n")
    print("| Test | Kernel | Result | Seconds | Run that ended (UTC) |")
    print("|---|---|---|---|---|")
    for end, name, kernels, outcome, seconds in found:
        print(f"| `{name.replace('|', '/')}` | {kernels} | {outcome} | {seconds:.0f} | {end} |")


main(sys.argv[1:])
