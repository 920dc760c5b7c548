"use strict";
(() => {
  const place = document.getElementById("live");
  const line = document.getElementById("connection");
  const runs = new Map();
  let [at, timer, parts] = ["", 0, 1];
  // The run that the address names, until it is there.
  let wanted = decodeURIComponent(location.hash.slice(1));

  const make = (name, style, text) => {
    const element = document.createElement(name);
    if (style) element.className = style;
    if (text) element.textContent = text;
    return element;
  };
  const drawn = (name, attributes, text) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const write = (element, text) => { if (element.textContent !== text) element.textContent = text; };
  const colour = (variant) => "s" + (variant % 8);
  const styles = { finished: "finished", running: "running", pending: "waiting", stopped: "stopped" };
  const columns = ["variant", "seed", "state", "episodes", "last return", "smoothed mean", "decisions/s", "left", ""];

  function began(name) {
    const run = { trials: new Map(), rows: new Map(), section: make("section", "live") };
    run.section.id = "run-" + name;
    run.heading = make("h2");
    run.title = make("span");
    run.heading.append(run.title, make("code", "", name));
    run.status = make("p", "status");
    [run.state, run.summary, run.report] = [make("span", "state"), make("span"), make("a", "", "Report")];
    run.report.href = "reports/" + encodeURIComponent(name) + "/";
    run.status.append(run.state, " ", run.summary, run.report);
    run.answer = make("p", "index-headline");
    run.bar = make("progress");
    run.bar.setAttribute("aria-label", "Part that is done");
    run.decisions = make("ul", "gaps");
    run.figure = make("figure", "live-chart");
    run.names = make("ul", "live-names");
    const [scroll, table] = [make("div", "scroll tall"), make("table", "compact")];
    scroll.tabIndex = 0;
    const head = table.createTHead().insertRow();
    columns.forEach((column, index) => {
      const cell = make("th", index > 3 && column ? "number" : "", column);
      cell.scope = "col";
      head.append(cell);
    });
    table.createTBody();
    run.body = table.tBodies[0];
    scroll.append(table);
    run.section.append(run.heading, run.status, run.answer, run.bar, run.decisions, run.figure, run.names, scroll);
    runs.set(name, run);
    return run;
  }

  function row(run, trial) {
    let cells = run.rows.get(trial.id);
    if (!cells) {
      const row = make("tr", colour(trial.variant));
      const name = make("th");
      name.scope = "row";
      cells = { row, label: make("span"), seed: make("td"), state: make("span"), episodes: make("span"), bar: make("progress") };
      name.append(make("span", "swatch"), cells.label);
      const [state, progress] = [make("td"), make("td")];
      state.append(cells.state);
      progress.append(cells.episodes, cells.bar);
      row.append(name, cells.seed, state, progress);
      for (const key of ["lastReturn", "smoothedMean", "rate", "left"]) row.append(cells[key] = make("td", "number"));
      row.append(cells.note = make("td", "note"));
      run.rows.set(trial.id, cells);
    }
    write(cells.label, run.variants[trial.variant]);
    write(cells.seed, String(trial.seed));
    write(cells.state, trial.words);
    cells.state.className = "state " + (styles[trial.state] || "failed");
    for (const key of ["episodes", "lastReturn", "smoothedMean", "rate", "left", "note"]) write(cells[key], trial[key]);
    cells.bar.hidden = trial.state !== "running";
    cells.bar.value = trial.fraction;
  }

  function tell(change) {
    const run = runs.get(change.name) || began(change.name);
    if (change.isWhole) {
      run.trials.clear();
      run.rows.clear();
      run.body.replaceChildren();
    }
    run.variants = change.variants;
    write(run.title, change.title);
    write(run.state, change.state);
    run.state.className = "state " + change.style;
    write(run.summary, change.summary);
    run.report.hidden = run.answer.hidden = !change.answer;
    write(run.answer, change.answer || "");
    run.bar.value = change.fraction;
    run.decisions.replaceChildren(...change.decisions.map((text) => make("li", "", text)));
    for (const trial of change.trials) {
      run.trials.set(trial.id, trial);
      row(run, trial);
    }
    const order = [...run.trials.values()].sort((a, b) => (b.state === "running") - (a.state === "running") || a.number - b.number);
    const rows = order.map((trial) => run.rows.get(trial.id).row);
    if (rows.some((row, index) => run.body.rows[index] !== row)) run.body.replaceChildren(...rows);
    if (change.trials.length) draw(run);
  }

  // The places of about four round values between two.
  function round(low, high) {
    const power = 10 ** Math.floor(Math.log10((high - low) / 4 || 1));
    const step = power * [1, 2, 5, 10].find((factor) => (high - low) / (factor * power) <= 5);
    const values = [];
    for (let value = Math.ceil(low / step) * step; value <= high + step / 1e6; value += step) values.push(value);
    return values.map((value) => Math.round(value / step) * step || 0);
  }
  const number = (value) => value.toLocaleString("en", { maximumSignificantDigits: 6 }).replace("-", "\u2212");

  // Each trial's points, episode and mean, by the ends of the parts of its curve.
  const points = (trial) => trial.curve.map((value, part) => [((part + 1) * trial.curveEnd) / parts, value]).filter((point) => point[1] !== null);

  function draw(run) {
    const begun = [...run.trials.values()].filter((trial) => trial.curve.length);
    run.figure.hidden = !begun.length;
    const variants = [...new Set(begun.map((trial) => trial.variant))].sort((a, b) => a - b);
    run.names.replaceChildren(...variants.slice(0, 16).map((variant) => {
      const item = make("li", colour(variant));
      item.append(make("span", "swatch"), run.variants[variant]);
      return item;
    }));
    if (!begun.length) return;
    const [width, height] = [run.figure.clientWidth || 960, 272];
    const [left, right, top, bottom] = [52, width - 24, 34, height - 40];
    const values = begun.flatMap((trial) => trial.curve).filter((value) => value !== null);
    let [low, high] = [Math.min(...values), Math.max(...values)];
    const room = (high - low) * 0.06 || Math.abs(low) * 0.05 || 1;
    [low, high] = [low - room, high + room];
    const last = Math.max(...begun.flatMap((trial) => points(trial).map((point) => point[0])));
    const x = (episode) => left + ((right - left) * episode) / last;
    const y = (value) => bottom - ((bottom - top) * (value - low)) / (high - low);
    const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "The smoothed mean return of each trial by episode; the table below has its last value" });
    for (const tick of round(low, high)) {
      svg.append(drawn("line", { x1: left, x2: right, y1: y(tick), y2: y(tick) }));
      svg.append(drawn("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, number(tick)));
    }
    const across = round(0, last).filter((tick) => width > 600 || tick === 0 || round(0, last).indexOf(tick) % 2 === 0);
    for (const tick of across) svg.append(drawn("text", { x: x(tick), y: bottom + 17, "text-anchor": "middle" }, number(tick)));
    svg.append(drawn("text", { x: right, y: bottom + 33, "text-anchor": "end" }, "episodes"));
    svg.append(drawn("text", { x: 14, y: 20 }, "smoothed mean return"));
    const path = (list, variant, style, title) => {
      const shown = drawn("polyline", { class: colour(variant) + style, points: list.map(([episode, value]) => x(episode).toFixed(1) + "," + y(value).toFixed(1)).join(" ") });
      shown.append(drawn("title", {}, title));
      svg.append(shown);
    };
    for (const trial of begun) path(points(trial), trial.variant, "", `${run.variants[trial.variant]}, seed ${trial.seed}`);
    for (const variant of variants) {
      // The mean as far as every seed that has begun has come.
      const seeds = begun.filter((trial) => trial.variant === variant).map((trial) => new Map(points(trial)));
      const mean = [...seeds[0].keys()].filter((episode) => seeds.every((seed) => seed.has(episode)))
        .map((episode) => [episode, seeds.reduce((sum, seed) => sum + seed.get(episode), 0) / seeds.length]);
      path(mean, variant, " mean", `${run.variants[variant]}, mean of ${seeds.length}`);
    }
    run.figure.replaceChildren(svg);
  }

  async function ask() {
    clearTimeout(timer);
    let wait = 2;
    try {
      const answer = await fetch("live.json?" + at, { cache: "no-store", signal: AbortSignal.timeout(10000) });
      if (!answer.ok) throw new Error(answer.statusText);
      const told = await answer.json();
      parts = told.curveParts;
      for (const change of told.runs) tell(change);
      [at, wait] = [told.at, told.wait];
      for (const [name, run] of runs) {
        if (told.shown.includes(name)) continue;
        run.section.remove();
        runs.delete(name);
      }
      const sections = told.shown.map((name) => runs.get(name).section);
      if (sections.some((section, index) => place.children[index] !== section)) {
        place.replaceChildren(...sections);
        for (const run of runs.values()) draw(run);
      }
      write(line, sections.length ? "" : "Nothing is at work now. A run appears here when it begins.");
      const target = wanted && document.getElementById(wanted);
      if (target) {
        target.scrollIntoView();
        wanted = "";
      }
    } catch (error) {
      write(line, "The connection is lost; what is below is from before. It is tried again.");
    }
    // A page that nobody sees asks so seldom that the server only knows that it is there.
    clearTimeout(timer);
    timer = setTimeout(ask, document.hidden ? 60000 : wait * 1000);
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  addEventListener("resize", () => { for (const run of runs.values()) draw(run); });
  ask();
})();
