"use strict";
// Lets one explore the charts whose data are in the page: values at the pointer, series on and off,
// zoom, smoothing, and a fragment that keeps all of it. The figure stands underneath, and is covered
// only where something else is to be seen than what it shows.
(() => {
  const islands = [...document.querySelectorAll("[data-chart]")];
  if (!islands.length) return;
  const isNarrow = matchMedia("(max-width: 36em)");
  // What all charts share: series by the number of their style, "all" for the line of all.
  const shared = { off: new Set(), smoothing: 0, lit: null };

  // Values as differences in zigzag numbers of seven bits a byte; 0 is a gap. ExploredChart.swift
  // writes them.
  const unpacked = (text, exponent) => {
    const bytes = atob(text);
    const values = [];
    let sum = 0;
    for (let i = 0; i < bytes.length;) {
      let code = 0, unit = 1, byte = 128;
      for (; byte > 127; unit *= 128) {
        byte = bytes.charCodeAt(i++);
        code += (byte & 127) * unit;
      }
      if (code) sum += code % 2 ? (code - 1) / 2 : -code / 2;
      values.push(!code ? NaN : exponent < 0 ? sum / 10 ** -exponent : sum * 10 ** exponent);
    }
    return values;
  };

  // An exponential mean that makes up for its start at zero, as TensorBoard's.
  const smoothed = (values, weight) => {
    let sum = 0, share = 1;
    return values.map((value) => {
      if (!Number.isFinite(value)) return NaN;
      sum = weight * sum + (1 - weight) * value;
      share *= weight;
      return sum / (1 - share);
    });
  };

  const held = (value, low, high) => Math.min(high, Math.max(low, value));

  // Numbers as the figures write them.
  const fixed = (value, places) => {
    const size = Math.round(Math.abs(value) * 10 ** places * (1 + 1e-12)) / 10 ** places;
    const [whole, rest] = size.toFixed(places).split(".");
    const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? "." + rest : "");
    return (value < 0 ? "−" : value > 0 && !size ? "+" : "") + text;
  };
  const number = (value, decimals) => {
    if (!Number.isFinite(value)) return "–";
    if (decimals !== undefined) return fixed(value, decimals);
    if (Number.isInteger(value) || Math.abs(value) >= 1000) return fixed(value, 0);
    return String(Number(value.toPrecision(3))).replace("-", "−");
  };
  const duration = (seconds) => {
    if (seconds < 100) return number(seconds) + " s";
    const [size, large, part, small] = seconds < 3600 ? [60, " min", 1, " s"] : [3600, " h", 60, " min"];
    const parts = Math.round(seconds / part), ratio = size / part;
    return fixed(Math.floor(parts / ratio), 0) + large + (parts % ratio ? " " + (parts % ratio) + small : "");
  };

  // At most so many round values from low to high.
  const times = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
  const round = (low, high, most, isTime) => {
    const least = (high - low) / most;
    const power = 10 ** Math.floor(Math.log10(least));
    const decimal = power * [1, 2, 5, 10].find((factor) => power * factor >= least * 0.999999);
    const step = (isTime && least > 0.5 && times.find((time) => time >= least)) || decimal;
    const count = Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1;
    return Array.from({ length: count }, (_, place) => (Math.ceil(low / step - 1e-9) + place) * step);
  };

  const nearest = (positions, value) => {
    let best = 0;
    for (let i = 1; i < positions.length; i++) {
      if (Math.abs(positions[i] - value) < Math.abs(positions[best] - value)) best = i;
    }
    return best;
  };

  const element = (parent, name, style, attributes = {}) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    made.setAttribute("class", style);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  };
  const html = (parent, name, style, text = "") => {
    const made = document.createElement(name);
    made.className = style;
    made.textContent = text;
    parent.append(made);
    return made;
  };

  const explored = (island) => {
    const data = JSON.parse(island.dataset.chart);
    const positions = data.positions;
    const lines = data.lines.map((line) => ({
      key: line.style ?? "all",
      label: line.label,
      style: "line " + (line.style === undefined ? "all" : "s" + (line.style % 8)),
      y: unpacked(line.y, data.exponent),
      band: line.low && [unpacked(line.low, data.exponent), unpacked(line.high, data.exponent)],
      runs: line.runs.map((run) => unpacked(run, data.runExponent)),
    }));
    const figure = island.closest("figure");
    const picture = figure.querySelector("picture");
    // Its own ranges of x and y; null for those of the figure.
    const chart = { figure, zoom: null, cursor: null };
    const box = html(figure, "div", "explore");
    picture.before(box);
    const plot = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    plot.setAttribute("aria-hidden", "true");
    const reading = document.createElement("div");
    reading.className = "reading";
    reading.setAttribute("role", "status");
    const names = document.createElement("div");
    names.setAttribute("role", "group");
    names.setAttribute("aria-label", "Series: Enter hides one, with Shift all others; arrows read values");
    box.append(picture, plot, names, reading);
    const drawn = element(plot, "g", "drawn");
    const pointer = element(plot, "g", "pointer");
    const buttons = lines.map((line) => {
      const button = html(names, "button", "series-name");
      button.type = "button";
      button.dataset.series = line.key;
      button.setAttribute("aria-label", line.label);
      button.title = "Hide or show; Shift: only this one";
      button.addEventListener("click", (event) => {
        const others = lines.map((other) => other.key).filter((key) => key !== line.key);
        const isOnly = !shared.off.has(line.key) && others.every((key) => shared.off.has(key));
        if (event.shiftKey) shared.off = new Set(isOnly ? [] : others);
        else if (!shared.off.delete(line.key)) shared.off.add(line.key);
        changed(chart);
      });
      return button;
    });

    const tools = document.createElement("div");
    tools.className = "explore-tools";
    box.after(tools);
    const label = html(tools, "label", "", "Smoothing ");
    const slider = html(label, "input", "smoothing");
    Object.assign(slider, { type: "range", min: "0", max: "0.99", step: "0.01" });
    const weight = html(label, "output", "");
    slider.addEventListener("input", () => {
      shared.smoothing = Number(slider.value);
      changed(chart);
    });
    const tool = (text, name, act) => {
      const button = html(tools, "button", "", text);
      button.type = "button";
      button.setAttribute("aria-label", name);
      button.addEventListener("click", act);
      return button;
    };
    const hint = "Drag to enlarge, double click to go back; click a name to hide it, with Shift all others.";

    const layout = () => data.layouts[isNarrow.matches ? data.layouts.length - 1 : 0];
    const range = () => chart.zoom ?? layout().places;
    const isShown = (line) => !shared.off.has(line.key);
    // Places in the drawing, and the values at them.
    const frame = () => {
      const { plot: [left, top, width, height] } = layout().places;
      const { x: [x0, x1], y: [y0, y1] } = range();
      return {
        left, top, width, height, right: left + width, bottom: top + height,
        x: (value) => left + ((value - x0) / (x1 - x0)) * width,
        y: (value) => top + height - ((value - y0) / (y1 - y0)) * height,
        xAt: (place) => x0 + ((place - left) / width) * (x1 - x0),
        yAt: (place) => y0 + ((top + height - place) / height) * (y1 - y0),
      };
    };

    const zoom = (x, y) => {
      const whole = layout().places;
      const [low, high] = x.map((value) => held(value, ...whole.x));
      const isWhole = low <= whole.x[0] && high >= whole.x[1] && y[0] <= whole.y[0] && y[1] >= whole.y[1];
      if (!(high - low > (whole.x[1] - whole.x[0]) * 1e-6 && y[1] > y[0])) return;
      chart.zoom = isWhole ? null : { x: [low, high], y };
      changed(chart);
    };
    const unzoom = () => {
      chart.zoom = null;
      changed(chart);
    };
    // Around the cursor, or the middle.
    const enlarge = (factor) => {
      const { x: [x0, x1], y } = range();
      const middle = chart.cursor === null ? (x0 + x1) / 2 : positions[chart.cursor];
      zoom([middle - (middle - x0) / factor, middle + (x1 - middle) / factor], y);
    };
    tool("+", "Zoom in", () => enlarge(2));
    tool("−", "Zoom out", () => enlarge(0.5));
    const whole = tool("Whole", "Show the whole chart", unzoom);
    html(tools, "span", "hint", hint);

    const path = (f, ys, xs = positions) => {
      let text = "", isOpen = false;
      xs.forEach((x, place) => {
        const y = f.y(ys[place]);
        if (!Number.isFinite(y)) isOpen = false;
        else {
          text += (isOpen ? "L" : "M") + f.x(x).toFixed(2) + " " + y.toFixed(2) + (isOpen ? "" : "h0");
          isOpen = true;
        }
      });
      return text;
    };
    const area = (f, [low, high]) => {
      let text = "", run = [];
      positions.concat(NaN).forEach((x, place) => {
        if (Number.isFinite(x) && Number.isFinite(low[place]) && Number.isFinite(high[place])) run.push(place);
        else {
          const edge = (ys) => run.map((at) => f.x(positions[at]).toFixed(2) + " " + f.y(ys[at]).toFixed(2));
          if (run.length) text += "M" + edge(low).concat(edge(high).reverse()).join("L") + "Z";
          run = [];
        }
      });
      return text;
    };

    // What the figure beneath does not show.
    const draw = () => {
      const { size, places } = layout();
      plot.setAttribute("viewBox", "0 0 " + size.join(" "));
      lines.forEach((line, index) => {
        const [left, top, width, height] = places.names[index];
        const percent = (part, all) => (100 * part) / all + "%";
        Object.assign(buttons[index].style, {
          left: percent(left - 3, size[0]), top: percent(top, size[1]),
          width: percent(width + 6, size[0]), height: percent(height, size[1]),
        });
        buttons[index].hidden = width === undefined;
        buttons[index].setAttribute("aria-pressed", String(isShown(line)));
      });
      whole.disabled = !chart.zoom;
      slider.value = String(shared.smoothing);
      weight.textContent = fixed(shared.smoothing, 2);
      drawn.replaceChildren();
      const isOther = lines.some((line) => !isShown(line) || line.key === shared.lit);
      if (!chart.zoom && !shared.smoothing && !isOther) return;
      const f = frame();
      const cover = (left, top, right, bottom) =>
        element(drawn, "rect", "cover", { x: left, y: top, width: right - left, height: bottom - top });
      cover(f.left - 4, f.top - 4, f.right + 4, f.bottom + 4);
      const level = (style, y) => element(drawn, "path", style, { d: `M${f.left} ${y}H${f.right}` });
      const { x: [x0, x1], y: [y0, y1] } = range();
      const isTall = (value) => value >= y0 && value <= y1;
      const ticks = chart.zoom ? round(y0, y1, Math.max(2, f.height / 42)) : places.ticks;
      for (const tick of ticks) level("grid", f.y(tick));
      level("axis", f.bottom);
      for (const value of places.references.filter(isTall)) level("axis reference", f.y(value));
      if (chart.zoom) {
        cover(0, f.top - 8, f.left - 5, f.bottom + 8);
        cover(f.right + 4, f.top - 4, f.right + 19, f.bottom + 4);
        for (const [left, top, width, height] of places.names.slice(lines.length).filter((name) => name.length)) {
          cover(left, top, left + width, top + height);
        }
        cover(0, f.bottom + 4, f.right + 12, f.bottom + 22);
        const isTime = places.xKind === "duration";
        const text = (words, x, y, anchor) =>
          element(drawn, "text", "tick", { x, y, "text-anchor": anchor }).append(words);
        const written = (values) => {
          const isLarge = values.some((value) => Math.abs(value) >= 1e6);
          const gap = (values[1] - values[0] || 1) / (isLarge ? 1e6 : 1);
          const places = Math.max(0, Math.ceil(-Math.log10(gap) - 1e-9));
          return (value) => (value ? fixed(isLarge ? value / 1e6 : value, places) + (isLarge ? " M" : "") : "0");
        };
        const height = written(ticks);
        for (const tick of ticks) text(height(tick), f.left - 8, f.y(tick) + 4, "end");
        const marks = round(x0, x1, Math.max(2, f.width / 90), isTime);
        const place = written(marks);
        for (const tick of marks) {
          element(drawn, "path", "axis", { d: `M${f.x(tick)} ${f.bottom}v4` });
          text(isTime ? duration(tick) : place(tick), f.x(tick), f.bottom + 18, "middle");
        }
      }
      // A drawing within the drawing, in the same places, shows nothing beyond its edges.
      const edges = { x: f.left - 4, y: f.top - 4, width: f.width + 8, height: f.height + 8 };
      const marks = element(drawn, "svg", lines.length > 4 ? "crowded" : "",
        { ...edges, viewBox: Object.values(edges).join(" ") });
      const shown = places.order.map((index) => lines[index]).filter(isShown).reverse();
      const mark = (line, name, style, attributes) =>
        element(marks, name, style + " " + line.style
          + (shared.lit === null || shared.lit === line.key || !isOther ? "" : " faint"), attributes);
      for (const line of shown) if (line.band) mark(line, "path", "band", { d: area(f, line.band) });
      for (const line of shown) for (const run of line.runs) mark(line, "path", "run", { d: path(f, run) });
      const thick = size[0] >= 520 ? 2 : 1.75;
      for (const line of shown) {
        const dashes = places.dashes[lines.indexOf(line)].join(" ");
        const strong = { "stroke-width": line.key === "all" ? 1.25 : thick, "stroke-dasharray": dashes };
        if (shared.smoothing) mark(line, "path", "raw", { d: path(f, line.y) });
        const ys = shared.smoothing ? smoothed(line.y, shared.smoothing) : line.y;
        mark(line, "path", "mean", { d: path(f, ys), ...strong }).dataset.series = line.key;
        const last = ys.findLastIndex(Number.isFinite);
        if (last >= 0) mark(line, "circle", "end", { cx: f.x(positions[last]), cy: f.y(ys[last]), r: 3 });
      }
    };

    // The line through the points nearest to the pointer, and their values.
    const point = (first = null) => {
      pointer.replaceChildren();
      reading.replaceChildren();
      reading.hidden = chart.cursor === null;
      if (reading.hidden) return;
      const { size, places } = layout();
      const f = frame();
      const at = chart.cursor, x = positions[at];
      element(pointer, "path", "cursor", { d: `M${f.x(x)} ${f.top}V${f.bottom}` });
      const here = lines.filter(isShown).map((line) => {
        const value = shared.smoothing ? smoothed(line.y, shared.smoothing)[at] : line.y[at];
        return { line, value };
      }).sort((a, b) => (b.line.key === first) - (a.line.key === first)
        || (Number.isNaN(a.value) ? 1 : Number.isNaN(b.value) ? -1 : b.value - a.value));
      const write = (value) => number(value, places.decimals);
      html(reading, "p", "at", data.x + " " + (places.xKind === "duration" ? duration(x) : number(x)));
      for (const { line, value } of here) {
        const row = html(reading, "p", line.style + (line.key === shared.lit ? " lit" : ""));
        row.dataset.of = line.key;
        html(row, "i", "");
        html(row, "span", "", line.label);
        html(row, "b", "", write(value));
        const band = line.band?.map((end) => end[at]);
        html(row, "span", "", shared.smoothing ? "raw " + write(line.y[at])
          : band && Number.isFinite(band[0]) ? `[${write(band[0])}, ${write(band[1])}]` : "");
        const y = f.y(value);
        if (y >= f.top && y <= f.bottom) {
          element(pointer, "circle", "end " + line.style, { cx: f.x(x), cy: y, r: 3.5 });
        }
      }
      const share = f.x(x) / size[0];
      Object.assign(reading.style, share > 0.5
        ? { right: 100 * (1 - share) + 1.5 + "%", left: "auto" } : { left: 100 * share + 1.5 + "%", right: "auto" });
      reading.style.top = (100 * f.top) / size[1] + "%";
    };
    const read = (place, first) => {
      const { x: [x0, x1] } = range();
      const inside = positions.map((x, at) => (x >= x0 && x <= x1 ? at : -1)).filter((at) => at >= 0);
      if (place === null || !inside.length) chart.cursor = null;
      else chart.cursor = held(place, inside[0], inside[inside.length - 1]);
      point(first);
    };

    const placeOf = (event) => {
      const { size } = layout();
      const edges = plot.getBoundingClientRect();
      return [((event.clientX - edges.left) / edges.width) * size[0], ((event.clientY - edges.top) / edges.height) * size[1]];
    };
    let start = null;
    const selection = (event) => {
      const f = frame();
      const [x, y] = placeOf(event);
      const [left, right] = [start[0], held(x, f.left, f.right)].sort((a, b) => a - b);
      const [top, bottom] = [start[1], held(y, f.top, f.bottom)].sort((a, b) => a - b);
      // A drag along one axis takes the whole of the other.
      const isFlat = bottom - top < 12, isThin = right - left < 12;
      if (isFlat && isThin) return null;
      return {
        left: isThin ? f.left : left, right: isThin ? f.right : right,
        top: isFlat ? f.top : top, bottom: isFlat ? f.bottom : bottom,
      };
    };
    plot.addEventListener("pointerdown", (event) => {
      const f = frame();
      const [x, y] = placeOf(event);
      const isInside = x >= f.left - 4 && x <= f.right + 4 && y >= f.top - 4 && y <= f.bottom + 4;
      // A finger reads values, so that it can scroll the page.
      if (event.pointerType === "touch") move(event);
      if (event.button || event.pointerType === "touch" || !isInside) return;
      event.preventDefault();
      start = [held(x, f.left, f.right), held(y, f.top, f.bottom)];
      try { plot.setPointerCapture(event.pointerId); } catch { /* An event made by a script has none. */ }
    });
    const move = (event) => {
      const f = frame();
      const [x, y] = placeOf(event);
      const picked = start && selection(event);
      if (picked) {
        read(null);
        element(pointer, "rect", "selection", {
          x: picked.left, y: picked.top, width: picked.right - picked.left, height: picked.bottom - picked.top,
        });
        return;
      }
      if (x < f.left - 8 || x > f.right + 8 || y < f.top - 8 || y > f.bottom + 8) {
        light(null);
        read(null);
        return;
      }
      const at = nearest(positions, f.xAt(held(x, f.left, f.right)));
      const distance = (line) => Math.abs(f.y(line.y[at]) - y);
      const near = lines.filter((line) => isShown(line) && distance(line) < 12)
        .sort((a, b) => distance(a) - distance(b))[0];
      light(near ? near.key : null);
      read(at);
    };
    plot.addEventListener("pointermove", move);
    plot.addEventListener("pointerup", (event) => {
      const picked = start && selection(event);
      start = null;
      if (!picked) return;
      const f = frame();
      pointer.replaceChildren();
      zoom([f.xAt(picked.left), f.xAt(picked.right)], [f.yAt(picked.bottom), f.yAt(picked.top)]);
    });
    plot.addEventListener("pointerleave", (event) => {
      if (start || event.pointerType === "touch") return;
      light(null);
      read(null);
    });
    plot.addEventListener("pointercancel", () => { start = null; });
    plot.addEventListener("dblclick", unzoom);
    box.addEventListener("keydown", (event) => {
      const key = event.target.dataset.series;
      const first = lines.map((line) => line.key).find((one) => String(one) === key) ?? null;
      const step = event.shiftKey ? 10 : 1;
      const moves = { ArrowLeft: -step, ArrowRight: step, Home: -Infinity, End: Infinity };
      if (event.key in moves) {
        read(held((chart.cursor ?? -1) + moves[event.key], 0, positions.length - 1), first);
      } else if (event.key === "Escape") {
        start = null;
        read(null);
        unzoom();
      } else if (event.key === "+" || event.key === "-") enlarge(event.key === "+" ? 2 : 0.5);
      else return;
      event.preventDefault();
    });
    names.addEventListener("focusout", () => read(null));
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && chart.zoom && !event.defaultPrevented) unzoom();
    });

    chart.draw = () => {
      if (!figure.offsetParent) return;
      draw();
      point();
    };
    chart.setZoom = (x, y) => { chart.zoom = x || y ? { x: x ?? layout().places.x, y: y ?? layout().places.y } : null; };
    return chart;
  };

  const charts = islands.map(explored);
  const redraw = () => {
    for (const row of document.querySelectorAll("[data-series]")) {
      row.classList.toggle("off", shared.off.has(Number(row.dataset.series)) || shared.off.has(row.dataset.series));
    }
    for (const chart of charts) chart.draw();
  };
  // Marks what belongs to one series, wherever it is on the page.
  function light(key) {
    if (key === shared.lit) return;
    shared.lit = key;
    for (const row of document.querySelectorAll("[data-series]")) {
      row.classList.toggle("lit", row.dataset.series === String(key));
    }
    for (const chart of charts) chart.draw();
  }
  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const key = event.target.closest?.("[data-series]")?.dataset.series;
      light(key === undefined ? null : key === "all" ? key : Number(key));
    });
  }

  // The fragment: a figure, and behind it what differs from its first state, as in
  // #figure-curves-decisions&off=1,3&smooth=0.60&x=100:500&y=-20:3
  function changed(chart) {
    const parts = [chart.figure.id];
    if (shared.off.size) parts.push("off=" + [...shared.off].sort().join(","));
    if (shared.smoothing) parts.push("smooth=" + shared.smoothing.toFixed(2));
    for (const axis of chart.zoom ? ["x", "y"] : []) {
      parts.push(axis + "=" + chart.zoom[axis].map((value) => Number(value.toPrecision(6))).join(":"));
    }
    history.replaceState(null, "", "#" + parts.join("&"));
    redraw();
  }
  const restore = () => {
    const [id, ...parts] = location.hash.slice(1).split("&");
    const chart = charts.find((one) => one.figure.id === id);
    if (!chart) return;
    const state = Object.fromEntries(parts.map((part) => part.split("=")));
    const pair = (text) => {
      const ends = (text ?? "").split(":").map(Number);
      return ends.length === 2 && ends[0] < ends[1] && ends.every(Number.isFinite) ? ends : null;
    };
    const keys = (state.off ?? "").split(",").filter(Boolean);
    shared.off = new Set(keys.map((key) => (key === "all" ? key : Number(key))));
    shared.smoothing = held(Number(state.smooth) || 0, 0, 0.99);
    chart.setZoom(pair(state.x), pair(state.y));
    redraw();
  };
  for (const input of document.querySelectorAll("[name=curve-axis]")) {
    input.addEventListener("change", () => {
      const chart = charts.find((one) => one.figure.offsetParent);
      if (chart) changed(chart);
    });
  }
  isNarrow.addEventListener("change", () => {
    for (const chart of charts) chart.zoom = null;
    redraw();
  });
  addEventListener("hashchange", restore);
  redraw();
  restore();
})();
