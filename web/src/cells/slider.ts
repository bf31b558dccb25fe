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
