#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# bare.sh PACKAGE.deb: installs the package in a Debian 12 made for it, and trains, reports and plays there.
set -euo pipefail
package=$(realpath "$1")
root=$(mktemp -d)
trap 'umount "$root/proc" 2>/dev/null || true; rm -rf --one-file-system "$root"' EXIT
debootstrap --variant=minbase bookworm "$root" >"$root.log" 2>&1 || { cat "$root.log"; exit 1; }
rm "$root.log"
cp "$package" "$root/rallybook.deb"
cp /etc/resolv.conf "$root/etc/resolv.conf"
# Programs of Swift read their arguments from /proc.
mount -t proc proc "$root/proc"
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/root "$@"; }
inside apt-get install -y -qq --no-install-recommends /rallybook.deb >/dev/null 2>&1
if inside sh -c 'command -v swift'; then exit 1; fi
inside rallybook --version
mkdir -p "$root/work/experiments"
cat >"$root/work/experiments/small.json" <<'JSON'
{
  "base": { "preset": "tuned", "policy": { "hidden": [24] },
            "training": { "episodes": 20 }, "evaluation": { "episodes": 2 } },
  "sweep": { "grid": { "returns.discount": [null, 0.99] } },
  "seeds": 2,
  "score": { "goal": "maximize" }
}
JSON
inside sh -c 'cd /work && rallybook run experiments/small.json --no-progress'
inside sh -c 'cd /work && test -s reports/small/index.html && ls reports/small/figures/*.svg >/dev/null'
inside sh -c 'cd /work && rallybook play "$(ls runs/small/trials/*/checkpoints/000020.safetensors | head -1)" --episodes 1'
inside apt-get remove -y -qq rallybook >/dev/null 2>&1
if inside sh -c 'command -v rallybook'; then exit 1; fi
echo "installed, run and removed in a bare Debian 12"
