// Guided tours: which there are, and the step that the reader is at.

import type { Keep } from "../keep";
import { hashOf } from "../link";
import { useLab } from "./controls";

export function Tours() {
  const { tours = {} } = useLab().known;
  return (
    <ul class="lab-tours" aria-label="Guided tours">
      {Object.entries(tours).map(([name, { title, steps }]) => (
        <li key={name}>
          <a href={hashOf({ name, step: 0 })}>{title}</a> <span>{steps.length} steps</span>
        </li>
      ))}
    </ul>
  );
}

export function Step({ keep }: { keep: Keep }) {
  const { tours = {} } = useLab().known;
  const place = keep.tour.value;
  if (!place) return null;
  const { name, step } = place;
  const { title, steps } = tours[name];
  return (
    <section class="lab-tour" data-lab="tour" aria-label={`Tour: ${title}`}>
      <p>
        <strong>{title}</strong> {step + 1} of {steps.length}. {steps[step].words}
      </p>
      <p>
        <strong>Try:</strong> {steps[step].try}
      </p>
      <nav class="lab-row" aria-label="Steps">
        {step > 0 && <a href={hashOf({ name, step: step - 1 })}>Back</a>}
        {step + 1 < steps.length && (
          <a class="lab-next" href={hashOf({ name, step: step + 1 })}>
            Next
          </a>
        )}
        <a href={location.pathname + location.search}>End the tour</a>
      </nav>
    </section>
  );
}
