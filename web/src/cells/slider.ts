// A line `p = 0.2  # @slider 0 0.5 0.01` has a slider.

const SLIDER =
  /^(\w+)(\s*=\s*)(-?[\d.]+)(\s*#\s*@slider\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s*)$/;

export interface Slide {
  name: string;
  value: string;
  min: string;
  max: string;
  step: string;
}

function slideOf(line: string): Slide | null {
  const found = line.match(SLIDER);
  if (!found) return null;
  const [, name, , value, , min, max, step] = found;
  return { name, value, min, max, step };
}

export const slides = (code: string): Slide[] =>
  code
    .split("\n")
    .map(slideOf)
    .filter((slide) => slide !== null);

// The code with another value in the line of that name.
export const withValue = (code: string, name: string, value: string): string =>
  code
    .split("\n")
    .map((line) => (slideOf(line)?.name === name ? line.replace(SLIDER, `$1$2${value}$4`) : line))
    .join("\n");

// The code with each other value of that slider, the nearest to its own first.
export function around(code: string, name: string): string[] {
  const slide = slides(code).find((one) => one.name === name);
  if (!slide) return [];
  const [value, min, max, step] = [slide.value, slide.min, slide.max, slide.step].map(Number);
  const digits = Math.max(...[slide.min, slide.step].map((n) => n.split(".")[1]?.length ?? 0));
  const count = Math.floor((max - min) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, k) => Number((min + k * step).toFixed(digits)))
    .filter((other) => Math.abs(other - value) > step / 2)
    .sort((a, b) => Math.abs(a - value) - Math.abs(b - value) || a - b)
    .map((other) => withValue(code, name, String(other)));
}
