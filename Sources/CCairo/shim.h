// SPDX-License-Identifier: MIT
#pragma once
#include <cairo.h>
#include <cairo-svg.h>
#include "pango.h"
