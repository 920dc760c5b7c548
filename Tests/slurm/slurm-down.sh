#!/bin/bash
# SPDX-License-Identifier: MIT
# slurm-down.sh DIR: ends the Slurm that slurm-up.sh started in DIR, and nothing else: only the
# processes whose numbers DIR records.
D=$1
export SLURM_CONF=$D/slurm.conf
timeout 5 squeue -h -o %A 2>/dev/null | sort -u | timeout 5 xargs -r scancel 2>/dev/null
for name in slurmd slurmctld munged; do
  file=$D/run/$name.pid
  [ -s "$file" ] || continue
  pid=$(cat "$file")
  # A number that another program has by now is left alone.
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$name" ] || continue
  kill -TERM "$pid" 2>/dev/null
  for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.05; done
  kill -KILL "$pid" 2>/dev/null
done
exit 0
