// SPDX-License-Identifier: MIT

/// The codes of errors that only the program sees, each with what it is about.
package let schemaBlindSpots: [(code: String, about: String)] = [
  ("duplicate-key", "a key that appears twice in an object"),
  ("number-too-large", "a number that no double holds"),
  ("too-deep", "nesting deeper than 64"),
  ("bad-name", "a name that is not the file's"),
  ("missing-file", "a file to start from that is not there"),
  ("circular-extends", "files that start from one another in a circle"),
  (
    "out-of-range",
    "min above max, score.range upside down, ranges of one component only, search.rungs that do not "
      + "rise or reach the full length"
  ),
  ("duplicate-value", "listed values that mean the same, written differently"),
  ("zip-length", "lists of a zip that are not equally long"),
  ("set-later", "a when or exclude about what only a later part of a product sets"),
  ("duplicate-label", "two cases of one label"),
  ("set-twice", "a path set by two parts of one product"),
  ("not-sweepable", "a grid or draw over what does not enter identity"),
  ("unused-key", "a value of the sweep that the chosen component does not use"),
  ("duplicate-variant", "two variants that are the same trials, judged or kept otherwise"),
  ("empty-sweep", "a sweep all of whose variants are excluded"),
  ("too-many-trials", "more than 100,000 trials, or as many axes as make the plan too large"),
  ("search-sweep", "a search without a sweep, or of a kind that its sweep does not suit"),
  ("search-score", "a search by a score that not every trial has"),
  ("search-seeds", "a race whose seeds are too few to drop anything"),
  ("search-hypotheses", "hypotheses beside a search"),
  ("no-variant", "a hypothesis about values that no variant has"),
  ("no-pair", "a hypothesis without a pair of variants"),
  ("ambiguous-pair", "a hypothesis with several partners for a variant"),
]
