// The rules of scoring as the server has them (assessments/numbers.py, assessments/scoring.py), so
// that totals stand while one types. Exact: scores are whole hundredths, means are fractions of
// BigInt, and the only rounding comes last. What counts is what the server says after saving.

const THAI = "๐๑๒๓๔๕๖๗๘๙";
const INVISIBLE = /[\u200b-\u200f\u2060\ufeff]/g;
// What Python strips, which is not what trim() does.
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const OUTER = new RegExp(`^${SPACE}|${SPACE}$`, "g");
const BLANK = new Set(["", "-", "–", "—", "ไม่มี"]);

const SCORE = /^[0-9]{1,3}(?:\.[0-9]{1,2})?$/;
const SIGNED = /^[-−]?[0-9]+(?:\.[0-9]+)?$/;
const COMMA = /^([0-9]{1,3}),([0-9]{1,2})$/;
const FULL = 10000n;

// --- as typed --------------------------------------------------------------------------------------

// {value} in hundredths, null for an empty cell; or {problem, suggestion} for what is no score.
export function parseScore(text) {
  const visible = text.normalize("NFC").replace(INVISIBLE, "");
  let plain = visible.replace(/[๐-๙]/g, (digit) => THAI.indexOf(digit)).replace(OUTER, "");
  if (BLANK.has(plain)) return { value: null };
  plain = plain.replace(/%$/, "").replace(OUTER, "");
  if (SCORE.test(plain) && hundredths(plain) <= FULL) return { value: hundredths(plain) };
  return refusal(plain);
}

function refusal(plain) {
  const comma = COMMA.exec(plain);
  if (comma) {
    const meant = hundredths(`${comma[1]}.${comma[2]}`);
    if (meant <= FULL) return { problem: "comma", suggestion: meant };
  }
  if (!SIGNED.test(plain)) return { problem: "number", suggestion: null };
  if (/^[-−]/.test(plain) || exceedsFull(plain)) {
    return { problem: "range", suggestion: misplacedPoint(plain) };
  }
  return { problem: "decimals", suggestion: null };
}

function exceedsFull(plain) {
  const [whole, decimals = ""] = plain.split(".");
  const points = whole.replace(/^0+/, "");
  if (points.length !== 3) return points.length > 3;
  return points > "100" || (points === "100" && /[1-9]/.test(decimals));
}

function misplacedPoint(plain) {
  const digits = plain.replaceAll(".", "");
  return /^[1-9][0-9]{3}$/.test(digits) ? BigInt(digits) : null;
}

// Of a plain number with at most two places.
export function hundredths(plain) {
  const [whole, decimals = ""] = plain.split(".");
  return BigInt(whole + decimals.padEnd(2, "0"));
}

// --- as read ---------------------------------------------------------------------------------------

export function formatScore(value) {
  if (value === null) return "–";
  const digits = String(value < 0n ? -value : value).padStart(3, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function formatChange(value) {
  if (value === null) return "–";
  if (value === 0n) return "0.00";
  return value > 0n ? `+${formatScore(value)}` : formatScore(value).replace("-", "−");
}

// --- fractions: [numerator, positive denominator] of hundredths -----------------------------------

const sum = (fractions) => fractions.reduce(([a, b], [c, d]) => [a * d + c * b, b * d], [0n, 1n]);

// Null while one is missing.
export function mean(fractions) {
  if (fractions.includes(null)) return null;
  const [above, below] = sum(fractions);
  return [above, below * BigInt(fractions.length)];
}

// Half up to whole hundredths, away from zero.
export function round([above, below]) {
  const size = above < 0n ? -above : above;
  const rounded = (2n * size + below) / (2n * below);
  return above < 0n ? -rounded : rounded;
}

// "87.54" or "175/2" points.
function fraction(text) {
  const [above, below = "1"] = text.split("/");
  return [hundredths(above), BigInt(below)];
}

// --- the result ------------------------------------------------------------------------------------

// `rules` as the page hands them over, `cells` key → hundredths or null. Figures come back printed,
// in hundredths.
export function judge(rules, cells) {
  const whole = (key) => (cells[key] == null ? null : [cells[key], 1n]);
  // The finest complete figures decide, because rounding comes last.
  const figure = (key) => mean([whole(`${key}_1`), whole(`${key}_2`)]) ?? whole(key);
  const { before } = rules;
  const indicators = {};
  const instruments = {};
  const means = [];
  const missing = [];
  // Those of them that the total waits for.
  const lacking = [];
  for (const { code, weight, indicators: numbers } of rules.instruments) {
    const exact = numbers.map((number) => {
      const derived = rules.derived[number];
      return derived ? fraction(derived) : figure(`i${number}`);
    });
    const own = mean(exact);
    const known = own ?? figure(code.toLowerCase());
    numbers.forEach((number, index) => {
      if (exact[index] === null) missing.push(number);
      if (exact[index] === null && known === null) lacking.push(number);
      indicators[number] = compared(printed(exact[index]), before.indicators[number]);
    });
    instruments[code] = compared(printed(known), before.instruments[code]);
    instruments[code].announced = own === null && known !== null;
    means.push(known && [known[0] * hundredths(weight), known[1] * FULL]);
  }
  const total = means.includes(null) ? null : round(sum(means));
  const weakest = Object.values(instruments).map(({ value }) => value);
  return {
    indicators,
    instruments,
    missing,
    lacking,
    total: compared(total, before.total),
    level: total === null ? null : levelOf(rules.levels, total, weakest),
  };
}

const printed = (exact) => exact && round(exact);

function compared(value, text) {
  const earlier = text == null ? null : hundredths(text);
  const points = value === null || earlier === null ? null : value - earlier;
  const percent = points === null || earlier === 0n ? null : round([points * FULL, earlier]);
  return { value, points, percent };
}

function levelOf(levels, total, instruments) {
  const reaches = (mark, value) => mark == null || value >= hundredths(mark);
  const found = levels.find(({ min_total, min_instrument }) => (
    reaches(min_total, total) && instruments.every((value) => reaches(min_instrument, value))
  ));
  return found?.name ?? null;
}
