#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# mlflow-skinny 3.17.2 with its SQLite store, Python 3.11.
#
# A metric that is infinite comes back finite: the database holds 1.7976931348623157e308, the greatest
# double, with nothing beside it that says so, and the client returns that number. NaN is kept apart, as
# 0 in the column of values with a flag in another, `is_nan`. One would guess that both are flagged, or
# that infinity is refused. Who reads the table without the flag takes NaN for 0; who reads it with the
# flag still takes an overflow for a number. (Stores of older versions, one text file a metric, have
# `inf` and `nan` as they are.)
#
# Seen: logged inf, -inf, nan; stored 1.7976931348623157e+308, -1.7976931348623157e+308, 0 with is_nan
# 0, 0, 1; the client's history has 1.7976931348623157e+308.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
  mlflow-skinny==3.17.2 sqlalchemy==2.0.51 alembic==1.18.4
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
import math
import sqlite3
import sys

import mlflow

mlflow.set_tracking_uri("sqlite:///m.db")
with mlflow.start_run() as run:
    for step, value in enumerate((math.inf, -math.inf, math.nan)):
        mlflow.log_metric("a", value, step=step)
rows = sqlite3.connect("m.db").execute("select step, value, is_nan from metrics order by step").fetchall()
greatest = sys.float_info.max
print(rows)
assert rows == [(0, greatest, 0), (1, -greatest, 0), (2, 0.0, 1)]
history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "a")
assert [metric.value for metric in history if metric.step == 0] == [greatest]
PY
