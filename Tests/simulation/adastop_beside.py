# SPDX-License-Identifier: MIT
"""Adastop's decisions (Mathieu et al. 2024; PyPI adastop 0.1.3) on the scores that `rallybook
simulate-verdicts --scores FILE` wrote: groups of 5 seeds, at most 20 of them, two agents.

    adastop_beside.py FILE [SECONDS]

A comparison takes seconds, so of each cell's only as many are made, from the first on, as SECONDS
(default 20) allow, on all cores; the table says how many. Its own level is not alpha where scores are
not correlated, so there it is shown with a lesser alpha too.
"""
import csv
import multiprocessing
import sys
import time

import numpy as np
from adastop import MultipleAgentsComparator


def decide(better, than, alpha, seed):
    """Whether adastop finds a difference, and the seeds of each agent that it used."""
    comparator = MultipleAgentsComparator(n=5, K=20, B=1000, alpha=alpha, seed=seed)
    for interim in range(1, 21):
        count = 5 * interim
        comparator.partial_compare(
            {"better": better[:count], "than": than[:count]}, verbose=False)
        decision = next(iter(comparator.decisions.values()))
        if decision != "continue":
            return decision in ("larger", "smaller"), count
    return False, 100


def decide_one(comparison):
    return decide(*comparison)


def main(path, seconds=20.0):
    cells = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            cell = cells.setdefault((float(row["correlation"]), float(row["effect"])), {})
            sides = cell.setdefault(int(row["comparison"]), ([], []))
            sides[0].append(float(row["better"]))
            sides[1].append(float(row["than"]))
    print("adastop: alpha, correlation, effect: decided, mean seeds of a variant, comparisons made")
    with multiprocessing.Pool() as pool:
        for (correlation, effect), cell in sorted(cells.items()):
            for alpha in (0.05, 0.0125) if correlation == 0 else (0.05,):
                work = ((np.array(b), np.array(t), alpha, n) for n, (b, t) in sorted(cell.items()))
                found, end = [], time.monotonic() + seconds
                while time.monotonic() < end:
                    few = [one for _, one in zip(range(multiprocessing.cpu_count()), work)]
                    if not few:
                        break
                    found += pool.map(decide_one, few, chunksize=1)
                decided, seeds = np.mean([f[0] for f in found]), np.mean([f[1] for f in found])
                print(f"  {alpha}, {correlation}, {effect}: {decided:.1%}, {seeds:.1f}, {len(found)}",
                      flush=True)


if __name__ == "__main__":
    main(sys.argv[1], *(float(a) for a in sys.argv[2:3]))
