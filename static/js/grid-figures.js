// Shows what the scores come to: while one types by the browser's own reckoning, and after a save
// as the server has judged.

import { formatChange, formatScore, judge, parseScore } from "./scoring.js";

const MARKS = new Map([["risen", ["up", "▲"]], ["fallen", ["down", "▼"]], ["unchanged", ["", ""]]]);

const byId = (id) => document.getElementById(id);

function span(className, ...children) {
  const element = document.createElement("span");
  element.className = className;
  element.append(...children);
  return element;
}

function directionOf(points) {
  if (points === 0n) return "unchanged";
  return points > 0n ? "risen" : "fallen";
}

export class Figures {
  constructor({ rules, texts, controls }) {
    Object.assign(this, { rules, texts, controls });
    this.asked = 0;
  }

  // At once, after every key.
  show() {
    const typed = this.controls.map((control) => [control.dataset.key, parseScore(control.value).value]);
    const cells = Object.fromEntries(typed);
    const result = judge(this.rules, cells);
    for (const [number, one] of Object.entries(result.indicators)) {
      this.#change(`i${number}`, one);
      this.#figure(`i${number}`, one, cells);
    }
    for (const [code, one] of Object.entries(result.instruments)) {
      byId(`mean_${code}`).textContent = formatScore(one.value);
      byId(`announced_${code}`).hidden = !one.announced;
      this.#change(code, one);
    }
    this.#total(result);
  }

  // Replaces all of it by the server's, unless something newer is being typed.
  async takeOver(isCurrent) {
    this.asked += 1;
    const mine = this.asked;
    const answer = await fetch(this.texts.judgedUrl).catch(() => null);
    if (!answer?.ok) return;
    const judged = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== this.asked || !isCurrent()) return;
    for (const element of judged.querySelectorAll("[data-judged], #warnings")) {
      byId(element.id)?.replaceWith(document.adoptNode(element));
    }
  }

  #change(id, { points, percent }, withPercent = false) {
    const cell = byId(`change_${id}`);
    if (points === null) {
      cell.replaceChildren(span("quiet", "–"));
      return;
    }
    const direction = directionOf(points);
    const [className, sign] = MARKS.get(direction);
    const mark = span("", sign);
    mark.ariaHidden = "true";
    const words = `${this.rules.directions[direction]} ${formatChange(points).replace(/^[+−]/, "")}`;
    cell.replaceChildren(span(className, ...(sign ? [mark, " "] : []), words));
    if (withPercent && percent !== null) cell.append(` (${formatChange(percent)} %)`);
  }

  // Two parts make the score, so that the field for the whole steps back.
  #figure(key, { value }, cells) {
    const figure = byId(`figure_${key}`);
    const whole = !this.rules.derived[key.slice(1)] && [cells[`${key}_1`], cells[`${key}_2`]].some((part) => part == null);
    figure.hidden = whole;
    figure.previousElementSibling.hidden = !whole;
    figure.firstElementChild.textContent = formatScore(value);
  }

  #total({ total, level, lacking }) {
    const { texts } = this;
    const incomplete = () => span("incomplete", texts.missing.replace("#", lacking.join(", ")));
    byId("total").replaceChildren(total.value === null ? incomplete() : formatScore(total.value));
    this.#change("total", total, true);
    if (level !== null || !byId("level").querySelector(".possible")) byId("level").textContent = level ?? "–";
    const scales = level !== null && texts.scales;
    byId("level_change").replaceChildren(scales ? span("note", texts.scales) : span("quiet", "–"));
    const sum = byId("grid-sum");
    sum.querySelector("[data-sum=total]").textContent = formatScore(total.value);
    sum.querySelector("[data-sum=level]").textContent = level ?? "–";
  }
}
