#!/bin/bash
# SPDX-License-Identifier: MIT
# slurm-up.sh DIR [none|munge]: a Slurm of one machine on loopback, for tests. DIR is absolute and
# fresh. Afterwards: export SLURM_CONF=DIR/slurm.conf. Ports are free ones, unless CTLPORT and DPORT
# name them; NCPU cores are declared, more than there may be, so that tasks need not wait. With
# WATCHPID it goes down by itself when that process has ended, however it ended.
set -eu
D=$1
AUTH=${2:-none}
case $D in /*) ;; *) echo "slurm-up: $D is not an absolute path" >&2; exit 2;; esac
[ ! -e "$D/slurm.conf" ] || { echo "slurm-up: $D is in use" >&2; exit 2; }
for program in slurmctld slurmd; do
  [ -x "/usr/sbin/$program" ] || { echo "slurm-up: $program is missing: apt-get install slurm-wlm munge" >&2; exit 3; }
done
H=$(hostname -s)
U=$(id -un)
mkdir -p "$D"/{state,spool,log,run,munge}
chmod 755 "$D" "$D"/*
touch "$D/log/jobcomp.txt"

# Two ports that nobody listens on; between here and the daemons' start another process may take
# them, so that a failing start is tried again with others.
free_ports() {
  local taken port found=()
  taken=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" { split($2, a, ":"); print a[length(a)] }')
  while [ ${#found[@]} -lt 2 ]; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    printf '%s\n' "$taken" | grep -qix "$(printf %04X $port)" || found+=("$port")
  done
  CTL=${CTLPORT:-${found[0]}} DAEMON=${DPORT:-${found[1]}}
}

configure() {
  local auth=$'AuthType=auth/none\nCredType=cred/none'
  [ "$AUTH" = munge ] && auth=$'AuthType=auth/munge\nCredType=cred/munge\nAuthInfo=socket='$D/munge/munge.socket
  cat > "$D/slurm.conf" <<CONF
ClusterName=rallybooktest
SlurmctldHost=$H(127.0.0.1)
SlurmctldPort=$CTL
SlurmdPort=$DAEMON
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny,DisableIPv6
SlurmUser=$U
SlurmdUser=$U
$auth
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,bf_interval=5
SlurmdParameters=config_overrides
PropagateResourceLimits=NONE
ReturnToService=2
MaxArraySize=10001
MaxJobCount=20000
MinJobAge=${MINJOBAGE:-3600}
KillWait=${KILLWAIT:-5}
SlurmctldTimeout=30
SlurmdTimeout=30
StateSaveLocation=$D/state
SlurmdSpoolDir=$D/spool
SlurmctldPidFile=$D/run/slurmctld.pid
SlurmdPidFile=$D/run/slurmd.pid
SlurmctldLogFile=$D/log/slurmctld.log
SlurmdLogFile=$D/log/slurmd.log
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$D/log/jobcomp.txt
NodeName=$H NodeAddr=127.0.0.1 CPUs=${NCPU:-8} RealMemory=$(awk '/MemTotal/{print int($2/1024*0.9)}' /proc/meminfo) State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
}

stop_daemons() {
  local name file pid
  for name in slurmd slurmctld; do
    file=$D/run/$name.pid
    [ -s "$file" ] || continue
    pid=$(cat "$file")
    kill -KILL "$pid" 2>/dev/null || true
    rm -f "$file"
  done
}

export SLURM_CONF=$D/slurm.conf
if [ "$AUTH" = munge ]; then
  (umask 077; head -c 128 /dev/urandom > "$D/munge/munge.key")
  /usr/sbin/munged --force --key-file="$D/munge/munge.key" --socket="$D/munge/munge.socket" \
    --pid-file="$D/run/munged.pid" --log-file="$D/log/munged.log" --seed-file="$D/munge/munged.seed"
fi
for attempt in 1 2 3; do
  free_ports
  configure
  # Daemons must not hold on to the pipes of whoever called us.
  if /usr/sbin/slurmctld -c -f "$SLURM_CONF" </dev/null >>"$D/log/start.log" 2>&1 &&
    /usr/sbin/slurmd -c -f "$SLURM_CONF" </dev/null >>"$D/log/start.log" 2>&1; then
    for _ in $(seq 200); do
      if [ "$(sinfo -h -o %T 2>/dev/null)" = idle ]; then
        if [ -n "${WATCHPID:-}" ]; then
          setsid bash -c 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; exec bash "$2" "$3"' \
            watch "$WATCHPID" "$(dirname "$0")/slurm-down.sh" "$D" </dev/null >/dev/null 2>&1 &
        fi
        exit 0
      fi
      sleep 0.05
    done
  fi
  stop_daemons
done
echo "slurm-up: the node did not become idle; see $D/log" >&2
tail -n 5 "$D"/log/*.log >&2
exit 1
