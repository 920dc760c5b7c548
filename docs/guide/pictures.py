# SPDX-License-Identifier: MIT
"""The pictures of the guide: follows its pages in a folder of its own, then looks at what is there.

pictures.py PROGRAM: pages by Chromium, terminals by what commands print into one.
"""

import html
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GUIDE = Path(__file__).resolve().parent
PROGRAM = Path(sys.argv[1]).resolve()
COLUMNS, LINE, WIDTH = 100, 19, 1000
COLORS = {30: "#444c56", 31: "#ff7b72", 32: "#7ee787", 33: "#e3b341", 34: "#79c0ff", 35: "#d2a8ff",
          36: "#76e3ea", 37: "#e6edf3", 90: "#8b949e"}


def follow(folder):
    """Writes the files and runs the commands of all pages, in order."""
    for page in sorted(GUIDE.glob("*.md")):
        for _, path, body in re.findall(r"(?m)^```(\S+)(?: (\S+))?\n((?:.*\n)*?)```$", page.read_text()):
            if path:
                (folder / path).write_text(body)
                continue
            for command in re.findall(r"(?m)^\$ (.*)$", body):
                subprocess.run(["bash", "-c", command], cwd=folder, check=True, capture_output=True)


def shoot(address, name, height, width=WIDTH, wait=None):
    """What a browser shows of a page."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
               "--blink-settings=preferredColorScheme=1", f"--window-size={width},{height}",
               f"--screenshot={GUIDE}/pictures/{name}.png"]
    options += [f"--timeout={wait}"] if wait else []
    subprocess.run(["chromium", *options, address], check=True, capture_output=True)


def section(page, name):
    """A copy of a page of which one section is shown; its policy allows no style but its own."""
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text())
    hidden = f"header, nav, section:not(#{name}) {{ display: none !important }} main > section {{ margin-top: 1rem }}"
    copy = page.with_name(f"{name}.html")
    copy.write_text(text.replace("</head>", f"<style>{hidden}</style></head>"))
    return copy


def styled(text):
    """A terminal's text as HTML: what colours and weights its escapes ask for."""
    result, is_open = "", False
    for piece in re.split(r"(\x1b\[[0-9;?]*[A-Za-z])", text.replace("\r", "")):
        if not piece.startswith("\x1b["):
            result += html.escape(piece)
        elif piece.endswith("m"):
            codes = [int(code) for code in piece[2:-1].split(";") if code]
            style = "".join(f"color:{COLORS[code]};" for code in codes if code in COLORS)
            style += "font-weight:bold;" * (1 in codes) + "opacity:.65;" * (2 in codes)
            result += "</span>" * is_open + (f'<span style="{style}">' if style else "")
            is_open = bool(style)
    return result


def terminal(folder, name, command, share=None):
    """What a command writes into a terminal; of a table that moves, the one after a share of its time."""
    words = f"stty cols {COLUMNS} rows 40; {command}"
    output = subprocess.run(["script", "-qec", words, "/dev/null"], cwd=folder, capture_output=True,
                            stdin=subprocess.DEVNULL).stdout.decode()
    if share is not None:
        frames = re.findall(r"\x1b\[\?2026h(.*?)\x1b\[J", output, re.DOTALL)
        output = frames[int(len(frames) * share)]
    shown = re.split(" --stop-after| 2>", command)[0]
    lines = [f"$ {shown}"]
    for line in output.strip("\r\n").split("\n"):
        # A coloured line is fitted by the program; others a terminal breaks.
        whole = "\x1b" in line or len(line) <= COLUMNS
        lines += [line] if whole else [line[at:at + COLUMNS] for at in range(0, len(line), COLUMNS)]
    page = folder / f"{name}.html"
    page.write_text(
        '<!doctype html><meta charset="utf-8"><body style="margin:0;background:#0d1117">'
        f'<pre style="margin:0;padding:14px 18px;color:#e6edf3;font:14px/{LINE}px DejaVu Sans Mono,monospace">'
        + styled("\n".join(lines)) + "</pre>")
    shoot(f"file://{page}", name, len(lines) * LINE + 28)


def main():
    os.environ["PATH"] = f"{PROGRAM.parent}:{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        follow(folder)
        for name, page, part, height in [
            ("first-screen", "first/index.html", None, 720), ("curves", "first/index.html", "curves", 640),
            ("scores", "rates/index.html", "scores", 720), ("looks", "pole/index.html", "looks", 520),
            ("corridor", "corridor/index.html", None, 560),
            ("compare", "compare-balance-balance/index.html", None, 640), ("reports", "index.html", None, 640),
        ]:
            path = folder / "reports" / page
            shoot(f"file://{section(path, part) if part else path}", name, height)
        shoot(f"file://{folder}/game.html", "replay", 620)
        terminal(folder, "class", "rallybook compare class --handed-out experiments/balance.json 2>/dev/null")
        terminal(folder, "run", "rallybook run experiments/first.json --fresh --stop-after 25", share=0.9)
        terminal(folder, "measure",
                 "rallybook plan experiments/long.json --set training.episodes=20000 --measure")
        served = subprocess.Popen(["rallybook", "serve", "--port", "0"], cwd=folder, text=True,
                                  stdout=subprocess.PIPE)
        running = subprocess.Popen(["rallybook", "run", "experiments/long.json", "--fresh", "--quiet"],
                                   cwd=folder, stdout=subprocess.DEVNULL)
        address = re.search(r"http://\S+", served.stdout.readline()).group()
        time.sleep(4)
        shoot(address, "serve", 560, wait=5000)
        for process in (running, served):
            process.terminate()
            process.wait()


main()
