#!/bin/bash
# SPDX-License-Identifier: MIT
# build.sh BUILD OUT: a site of all modules of docs/reference/modules.md, from the folder of a build (.build).
# Nothing is loaded but what the toolchain has: its symbol graphs and its docc.
set -eu -o pipefail
build=$1 out=$2
rm -rf "$out" && mkdir -p "$out"/{graphs,catalogues,archives}
search=(-I "$build/release/Modules")
for folder in Sources/C*/; do search+=(-I "$folder"); done
for map in $(find "$build/checkouts" -name module.modulemap -path '*/include/*'); do
  search+=(-I "$(dirname "$map")")
done
for flag in $(pkg-config --cflags cairo pangocairo libpng sqlite3 libcmark-gfm); do search+=(-Xcc "$flag"); done
target=$(swift -print-target-info | sed -n 's/.*"unversionedTriple": "\(.*\)".*/\1/p')
for module in $(sed -n 's/^## //p' docs/reference/modules.md); do
  graphs=$out/graphs/$module catalogue=$out/catalogues/$module.docc
  mkdir "$graphs" "$catalogue"
  swift symbolgraph-extract -module-name "$module" -target "$target" "${search[@]}" \
    -minimum-access-level package -skip-synthesized-members -output-dir "$graphs"
  { printf '# ``%s``\n' "$module"
    awk -v name="$module" '/^## /{on = $2 == name; next} on' docs/reference/modules.md
    printf '\nIts source is in `Sources/%s`.\n' "$module"
  } > "$catalogue/$module.md"
  docc convert "$catalogue" --additional-symbol-graph-dir "$graphs" --diagnostic-level error \
    --fallback-bundle-identifier "rallybook.$module" --output-path "$out/archives/$module.doccarchive" > /dev/null
done
docc merge "$out"/archives/*.doccarchive --synthesized-landing-page-name Rallybook --synthesized-landing-page-topics-style list \
  --output-path "$out/rallybook.doccarchive" > /dev/null
docc process-archive transform-for-static-hosting "$out/rallybook.doccarchive" --output-path "$out/site" > /dev/null
