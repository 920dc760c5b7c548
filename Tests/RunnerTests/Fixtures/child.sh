#!/bin/sh
# SPDX-License-Identifier: MIT
# Plays a trial: `child.sh trial RUNDIR ID --watch-stdin`, by what the test wrote beside the run.
# The program itself is never written by a test: a file that any process may still have open for
# writing cannot be executed.

[ "$1 $4" = "trial --watch-stdin" ] || exit 64
DIR="$2/trials/$3"
HERE="${2%/*}"

# status STATE EPISODES [MESSAGE]: writes status.json as a trial does, aside and renamed.
status() {
  printf '{"formatVersion":1,"state":"%s","episodes":%d,"targetEpisodes":2000,' "$1" "$2" \
    > "$DIR/new"
  printf '"decisions":7,"runningMean":-3.25,"evaluated":20,"message":"%s",' "$3" >> "$DIR/new"
  printf '"process":{"pid":1,"startTicks":1,"bootId":""},"startedAt":"","updatedAt":""}' \
    >> "$DIR/new"
  records "$2"
  mv "$DIR/new" "$DIR/status.json"
}

# records EPISODES: the records that a trial has.
records() {
  awk -v n="$1" 'BEGIN { print "episode,decisions,frames,return,length"
    for (i = 1; i <= n; i++) print i "," i "," i ",-21,1" }' > "$DIR/episodes.csv"
  awk -v n="$1" 'BEGIN { print "checkpoint,episode,return,length"
    for (i = 1; i <= 20; i++) print n "," i ",-21,1" }' > "$DIR/evaluations.csv"
}

. "$HERE/seeds.sh"
. "$HERE/script.sh"
