#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# safetensors 0.8.0, numpy 2.4.6, Python 3.11.
#
# safetensors.numpy.save takes a transposed array, or one in Fortran's order, and stores the numbers
# as they lie in memory under the shape of the array that it was given. What comes back has the right
# shape, type and set of numbers, each in another place; nothing warns. One would guess that a view is
# made contiguous first, or refused. A policy whose weights were transposed for another program
# (inputs by units, units by inputs) is changed by this without a word. np.ascontiguousarray before
# saving is enough.
#
# Seen for the 2 x 3 array 0..5:
#   as it is        comes back equal
#   transposed      0 3 1 4 2 5 comes back as 0 1 2 3 4 5 (shape 3 x 2)
#   Fortran order   0 1 2 3 4 5 comes back as 0 3 1 4 2 5 (shape 2 x 3)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check safetensors==0.8.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import numpy as np
from safetensors.numpy import load, save


def stored(array):
    back = load(save({"w": array}))["w"]
    assert back.shape == array.shape and back.dtype == array.dtype
    print(array.ravel(), "->", back.ravel())
    return back.ravel().tolist()


weights = np.arange(6, dtype=np.float32).reshape(2, 3)
assert stored(weights) == [0, 1, 2, 3, 4, 5]
assert stored(weights.T) == [0, 1, 2, 3, 4, 5]
assert stored(np.asfortranarray(weights)) == [0, 3, 1, 4, 2, 5]
assert stored(np.ascontiguousarray(weights.T)) == [0, 3, 1, 4, 2, 5]
PY
