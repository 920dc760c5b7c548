#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Swift 6.3.1 on Linux (x86-64, Debian 12), its libdispatch.
#
# `nice -n 7 program` holds for the main thread and for threads that the program makes, but not for
# libdispatch's, and so not for Swift's tasks: each worker thread sets a niceness of its own by the
# quality of service of what it runs, as an absolute number. One would guess that niceness is
# inherited, or that the quality of service is added to it. Root may lower a niceness, so a "nice"
# program in a container runs its tasks at 0 or -2 and starts its children so; another user's
# program keeps 7, except that background work goes to 10.
#
# Seen with `nice -n 7`:              as root    as another user
#   main thread, Thread                  7           7
#   Dispatch, background                10          10
#   Dispatch, utility                    2           7
#   Dispatch, default                    0           7
#   Dispatch, user-initiated            -2           7
#   Task                                -2           7
# The two columns are asserted for whoever runs this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
swift --version 2>&1 | grep -o 'Swift version [0-9.]*'
cat > "$folder/niceness.swift" <<'SWIFT'
import Foundation

func niceness() -> Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
let done = DispatchSemaphore(value: 0)
nonisolated(unsafe) var seen: [Int32] = [niceness()]
Thread { seen.append(niceness()); done.signal() }.start()
done.wait()
for quality in [DispatchQoS.QoSClass.background, .utility, .default, .userInitiated] {
  DispatchQueue.global(qos: quality).async { seen.append(niceness()); done.signal() }
  done.wait()
}
Task { seen.append(niceness()); done.signal() }
done.wait()
print(seen.map(String.init).joined(separator: " "))
SWIFT
swiftc "$folder/niceness.swift" -o "$folder/niceness"
[ "$(nice)" = 0 ] || { echo "run this with niceness 0"; exit 1; }
found=$(nice -n 7 "$folder/niceness")
echo "main, Thread, background, utility, default, user-initiated, Task: $found"
if [ "$(id -u)" = 0 ]; then expected="7 7 10 2 0 -2 -2"; else expected="7 7 10 7 7 7 7"; fi
[ "$found" = "$expected" ]
