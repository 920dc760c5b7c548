// SPDX-License-Identifier: MIT

/// What Stable-Baselines3, CleanRL, Spinning Up and Gymnasium call what has another name here.
enum PeerNames {
  /// Where a key of theirs stands here, in words.
  ///
  /// - Parameter key: as they write it: `batch_size`, `num-envs`, `netArch`.
  static func help(_ key: String) -> String? {
    let name = key.split(separator: ".").last.map { String($0.lowercased().filter(\.isLetter)) }
    return name.flatMap { homes[$0] }.map { paths in
      "here it is called \(paths.map { "\"\($0)\"" }.joined(separator: " and "))"
    }
  }

  /// Letters of their key in lower case → paths here.
  static let homes: [String: [String]] = [
    "activationfn": ["policy.activation"], "advnorm": ["returns.normalize"],
    "batchsize": ["algorithm.decisionsPerUpdate", "algorithm.minibatches"],
    "clipcoef": ["algorithm.clipRange"], "clipratio": ["algorithm.clipRange"],
    "entcoef": ["algorithm.entropyBonus"], "entropycoef": ["algorithm.entropyBonus"],
    "env": ["environment.id"], "envid": ["environment.id"], "game": ["environment.id"],
    "gamma": ["returns.discount"], "hiddensizes": ["policy.hidden"],
    "lambda": ["returns.gaeLambda"], "lam": ["returns.gaeLambda"],
    "lr": ["optimizer.learningRate"], "maxgradnorm": ["optimizer.clipNorm"],
    "maxtimesteps": ["training.decisions"], "nepochs": ["algorithm.epochs"],
    "netarch": ["policy.hidden"], "normadv": ["returns.normalize"],
    "normalizeadvantage": ["returns.normalize"], "nsteps": ["algorithm.decisionsPerUpdate"],
    "numepisodes": ["training.episodes"], "numsteps": ["algorithm.decisionsPerUpdate"],
    "numseeds": ["seeds"], "popsize": ["algorithm.population"],
    "repeatactionprobability": ["environment.stickyActions"],
    "stepsize": ["optimizer.learningRate"], "stepsperepoch": ["algorithm.decisionsPerUpdate"],
    "timesteps": ["training.decisions"], "totaltimesteps": ["training.decisions"],
    "updateepochs": ["algorithm.epochs"], "weightdecay": ["optimizer.l2"],
  ]
}
