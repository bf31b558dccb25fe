// Small plots on a canvas: lines with axes and labels, and a map of weights.

const FONT = "12px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const PAD = { left: 64, right: 12, top: 10, bottom: 38 };
export const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2], [1, 2]];

// Set a canvas to its size on the screen; return what draws on it in CSS pixels.
function fitted(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.font = FONT;
  return { pen, width, height };
}

// Round numbers that span a range, about `count` of them.
export function ticks(low, high, count) {
  const raw = (high - low) / count;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => k * size).find((s) => s >= raw);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

export function number(x) {
  const size = Math.abs(x);
  if (size < 1e-12) return "0";
  const text =
    size >= 1e6 || size < 1e-4
      ? x.toExponential(1)
      : String(Number(x.toPrecision(size < 10 ? 3 : 5)));
  return text.replaceAll("-", "−").replace("e+", "e");
}

function widened(low, high) {
  if (!(high > low)) {
    const room = Math.abs(low) * 0.1 || 1;
    return [low - room, high + room];
  }
  const room = 0.06 * (high - low);
  return [low - room, high + room];
}

// Draw lines {y, colour, dash, width} over x; null is a gap. `now` marks the place shown.
export function lines(canvas, { x, series, range, yLabel, now, theme, empty }) {
  const { pen, width, height } = fitted(canvas);
  if (!width) return;
  const values = series.flatMap(({ y }) => y.filter((v) => v !== null));
  const [low, high] =
    range ?? (values.length ? widened(Math.min(...values), Math.max(...values)) : [-1, 1]);
  const end = x.at(-1) || 1;
  const left = (v) => PAD.left + ((width - PAD.left - PAD.right) * v) / end;
  const top = (v) => PAD.top + ((height - PAD.top - PAD.bottom) * (high - v)) / (high - low);

  pen.strokeStyle = theme.grid;
  pen.fillStyle = theme.text;
  pen.lineWidth = 1;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const v of ticks(low, high, 4)) {
    line(pen, [PAD.left, width - PAD.right], [top(v), top(v)]);
    pen.fillText(number(v), PAD.left - 7, top(v));
  }
  pen.textAlign = "center";
  pen.textBaseline = "top";
  const bottom = height - PAD.bottom;
  for (const v of ticks(0, end, width > 260 ? 5 : 3)) {
    line(pen, [left(v), left(v)], [bottom, bottom + 4]);
    pen.fillText(number(v), Math.min(left(v), width - 12), bottom + 6);
  }
  pen.strokeStyle = theme.axis;
  line(pen, [PAD.left, PAD.left, width - PAD.right], [PAD.top, bottom, bottom]);
  pen.fillText("sweeps", (PAD.left + width - PAD.right) / 2, height - 15);
  pen.save();
  pen.translate(8, (PAD.top + bottom) / 2);
  pen.rotate(-Math.PI / 2);
  pen.textBaseline = "middle";
  pen.fillText(yLabel, 0, 0);
  pen.restore();

  if (!values.length) {
    pen.textBaseline = "middle";
    pen.fillText(empty, (PAD.left + width - PAD.right) / 2, (PAD.top + bottom) / 2);
    return;
  }
  for (const { y, colour, dash = [], width: w = 2 } of series) {
    pen.strokeStyle = pen.fillStyle = colour;
    pen.lineWidth = w;
    pen.setLineDash(dash);
    pen.beginPath();
    let [open, last] = [false, null];
    y.forEach((v, i) => {
      if (v === null) return;
      pen[open ? "lineTo" : "moveTo"](left(x[i]), top(v));
      [open, last] = [true, i];
    });
    pen.stroke();
    if (last !== null) dot(pen, left(x[last]), top(y[last]), 2.5);
  }
  pen.setLineDash([]);
  if (now !== null) {
    pen.strokeStyle = theme.axis;
    pen.lineWidth = 1.5;
    line(pen, [left(now), left(now)], [PAD.top, bottom]);
  }
}

function line(pen, xs, ys) {
  pen.beginPath();
  xs.forEach((x, i) => pen[i ? "lineTo" : "moveTo"](x, ys[i]));
  pen.stroke();
}

function dot(pen, x, y, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

// Draw a (k, k) map: negative, zero and positive between three colours; return its largest size.
export function heat(canvas, values, k, [low, middle, high]) {
  let largest = 0;
  for (const v of values) largest = Math.max(largest, Math.abs(v));
  canvas.width = canvas.height = k;
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(k, k);
  values.forEach((v, i) => {
    const far = largest ? Math.abs(v) / largest : 0;
    const end = v < 0 ? low : high;
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = middle[c] + far * (end[c] - middle[c]);
    image.data[4 * i + 3] = 255;
  });
  pen.putImageData(image, 0, 0);
  return largest;
}
