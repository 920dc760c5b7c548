#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds the kernels for ARM64 (NEON) and for this machine, runs the former under qemu-user, and
# holds every bit of the one against the other.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tools=$(dirname "$(realpath "$(command -v swiftc)")")

# build TARGET: an object of each module and of the probe, in a folder of that name.
build() {
  mkdir "$folder/$1"
  local previous=()
  for module in KernelLoops KernelsBaseline probe; do
    local sources=(Sources/$module/*.swift)
    [ "$module" = probe ] && sources=(Tests/arm64/probe.swift)
    swiftc -target "$1" -enable-experimental-feature Embedded -wmo -parse-as-library -O -swift-version 6 \
      -package-name rallybook -enable-upcoming-feature InternalImportsByDefault \
      -Xcc -fmodule-map-file=Sources/CLanes/module.modulemap -Xcc -ffreestanding \
      -module-cache-path "$folder/$1/cache" -I "$folder/$1" -module-name $module "${sources[@]}" \
      -emit-module -emit-module-path "$folder/$1/$module.swiftmodule" -c -o "$folder/$1/$module.o"
  done
}

build aarch64-none-none-elf
build x86_64-unknown-linux-gnu
aarch64-linux-gnu-gcc -static -B"$tools" -fuse-ld=lld -o "$folder/arm" "$folder"/aarch64-none-none-elf/*.o
clang -o "$folder/here" "$folder"/x86_64-unknown-linux-gnu/*.o
if "$tools/llvm-objdump" -d "$folder"/aarch64-none-none-elf/KernelsBaseline.o | grep -qE '\bf(n?m(add|sub)|ml[as])\b'; then
  echo "a multiplication is fused with an addition on ARM64" >&2
  exit 1
fi
arm=$(qemu-aarch64 "$folder/arm")
here=$("$folder/here")
echo "ARM64 $arm, here $here"
[ -n "$arm" ] && [ "$arm" = "$here" ]
