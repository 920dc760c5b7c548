# SPDX-License-Identifier: MIT
"""Adastop's decisions (Mathieu et al. 2024; PyPI adastop 0.1.3) on the scores that `rallybook
simulate-verdicts --scores FILE` wrote: groups of 5 seeds, at most 20 of them, two agents.

    adastop_beside.py FILE [COMPARISONS] [ALPHA]
"""
import csv
import sys

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


def main(path, comparisons=100, alphas=(0.05, 0.025)):
    cells = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            cell = cells.setdefault((float(row["correlation"]), float(row["effect"])), {})
            sides = cell.setdefault(int(row["comparison"]), ([], []))
            sides[0].append(float(row["better"]))
            sides[1].append(float(row["than"]))
    for alpha in alphas:
        print(f"adastop, alpha {alpha}: decided, and mean seeds of {comparisons} comparisons")
        for (correlation, effect), cell in sorted(cells.items()):
            found = [
                decide(np.array(b), np.array(t), alpha, number)
                for number, (b, t) in sorted(cell.items())[:comparisons]
            ]
            decided = np.mean([f[0] for f in found])
            seeds = np.mean([f[1] for f in found])
            print(f"  correlation {correlation}, effect {effect}: {decided:.1%}, {seeds:.1f}",
                  flush=True)


if __name__ == "__main__":
    main(sys.argv[1], *(int(a) for a in sys.argv[2:3]),
         *((float(a),) for a in sys.argv[3:4]))
