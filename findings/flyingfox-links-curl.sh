#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# FlyingFox 0.27.1, Swift 6.3.1 on Linux.
#
# FlyingFox is a small HTTP server on the sockets of the system, without SwiftNIO. On Linux a program that
# links it nevertheless loads an HTTP client each time it starts: one of its handlers, a proxy, uses
# URLSession, which lives in FoundationNetworking there, and that brings libcurl with TLS, LDAP, SSH and
# Kerberos. The linker cannot leave the handler out, since conformances are found at run time. One would
# guess that a server which never asks for a proxy costs a few hundred kilobytes. FlyingSocks, the layer
# of sockets in the same package, is free of it.
#
# Seen, two programs that only name a type of theirs and end:
#   FlyingFox    libFoundationNetworking and libcurl loaded, 34 libraries more
#   FlyingSocks  neither
# In a larger program the start took 34 ms of CPU in place of 23 (an x86-64 machine of 2026).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/Sources/Server" "$folder/Sources/Sockets"
cat >"$folder/Package.swift" <<'SWIFT'
// swift-tools-version:6.0
import PackageDescription

let package = Package(
  name: "start",
  dependencies: [.package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1")],
  targets: [
    .executableTarget(
      name: "Server", dependencies: [.product(name: "FlyingFox", package: "FlyingFox")]),
    .executableTarget(
      name: "Sockets", dependencies: [.product(name: "FlyingSocks", package: "FlyingFox")]),
  ])
SWIFT
printf 'import FlyingFox\nprint(HTTPServer.self)\n' >"$folder/Sources/Server/main.swift"
printf 'import FlyingSocks\nprint(AsyncSocket.self)\n' >"$folder/Sources/Sockets/main.swift"
swift build -q -c release --package-path "$folder"
bin=$(swift build -c release --package-path "$folder" --show-bin-path)
"$bin/Server"
"$bin/Sockets"
loaded() { ldd "$bin/$1" | awk '{ print $1 }'; }
more=$(comm -13 <(loaded Sockets | sort) <(loaded Server | sort))
echo "libraries more: $(wc -l <<<"$more")"
grep -q libFoundationNetworking <<<"$more"
grep -q libcurl <<<"$more"
[[ $(wc -l <<<"$more") -gt 20 ]]
if loaded Sockets | grep -qE 'libFoundationNetworking|libcurl'; then exit 1; fi
echo "as found"
