#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# cairo 1.16.0 (Debian 12: libcairo2 1.16.0-7).
#
# A path of text is geometry: nothing is drawn, so one would guess that the size of the surface behind the
# context does not matter, and a surface of one pixel is a cheap way to ask cairo for the outlines of letters,
# for an SVG writer say. But cairo_text_path leaves out each letter that lies more than ten times the font's
# size beyond the surface's clip. The path just ends early, and cairo_status says success. Pango's
# pango_cairo_layout_path goes the same way, so that long lines in any script are cut. A recording surface
# without extents has no edges and keeps all letters.
#
# Seen, 40 letters "l" at size 1000, closed outlines in the path of cairo_copy_path:
#   image surface of 1 × 1 pixel         36
#   recording surface without extents    40
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# The packages of the version that is meant, unpacked here; what they need of the system is its own.
apt-get download -qq libcairo2=1.16.0-7 libcairo2-dev=1.16.0-7 fonts-dejavu-core >/dev/null
for package in *.deb; do dpkg -x "$package" root; done
cat >outlines.c <<'C'
#include <cairo.h>
#include <stdio.h>
#include <string.h>

static int outlines(cairo_surface_t *surface) {
  cairo_t *context = cairo_create(surface);
  char line[41];
  memset(line, 'l', 40);
  line[40] = 0;
  cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context, 1000);
  cairo_move_to(context, 0, 0);
  cairo_text_path(context, line);
  cairo_path_t *path = cairo_copy_path(context);
  int closed = 0;
  for (int i = 0; i < path->num_data; i += path->data[i].header.length)
    closed += path->data[i].header.type == CAIRO_PATH_CLOSE_PATH;
  if (cairo_status(context) != CAIRO_STATUS_SUCCESS) closed = -1;
  cairo_path_destroy(path);
  cairo_destroy(context);
  cairo_surface_destroy(surface);
  return closed;
}

int main(void) {
  printf("cairo %s\n", cairo_version_string());
  printf("%d\n", outlines(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)));
  printf("%d\n", outlines(cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL)));
}
C
library=$(dirname "$(find root -name 'libcairo.so.2')")
ln -sf libcairo.so.2 "$library/libcairo.so"
mkdir fonts && cp root/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf fonts/
printf '<fontconfig><dir>%s/fonts</dir><cachedir>%s/cache</cachedir></fontconfig>' "$folder" "$folder" >fonts.conf
cc -I root/usr/include/cairo outlines.c -o outlines -L "$library" -lcairo
mapfile -t seen < <(FONTCONFIG_FILE="$folder/fonts.conf" LD_LIBRARY_PATH="$folder/$library" ./outlines)
printf '%s\n' "${seen[@]}"
[ "${seen[0]}" = "cairo 1.16.0" ]
[ "${seen[1]}" -gt 0 ] && [ "${seen[1]}" -lt 40 ]
[ "${seen[2]}" = 40 ]
echo "as described"
