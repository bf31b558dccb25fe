// All of the lab: the canvas first, what one does to it beside that, then what is measured.

import { render } from "preact";
import type { App } from "../app";
import { project } from "../projector";
import { Card, Lab } from "./controls";
import { Corrupt } from "./corrupt";
import { Draw } from "./draw";
import { Landscape } from "./landscape";
import { Network } from "./network";
import { Share } from "./share";
import { Stage } from "./stage";
import { Stored } from "./stored";
import { Tours } from "./tour";
import { Traces } from "./traces";

const NARROW = 640; // pixels

export function show(lab: App): () => void {
  const open = lab.root.clientWidth >= NARROW;
  const stop = lab.keep ? project(lab.root, lab.ui.projector) : () => undefined;
  lab.root.replaceChildren();
  render(
    <Lab.Provider value={lab}>
      <div class="lab-columns">
        <Stage />
        <section class="lab-tools" aria-label="Tools">
          <Card title="Draw" open={false}>
            <Draw />
          </Card>
          <Card title="Store" open>
            <Stored />
          </Card>
          <Card title="Spoil" open={open}>
            <Corrupt />
          </Card>
          <Card title="Network" open={false}>
            <Network />
          </Card>
          {lab.keep && lab.known.tours && (
            <Card title="Guided tours" open={false}>
              <Tours />
            </Card>
          )}
          <Card title="Share and save" open={false}>
            <Share />
          </Card>
        </section>
        <Landscape />
        <Traces />
      </div>
    </Lab.Provider>,
    lab.root,
  );
  return () => {
    stop();
    render(null, lab.root);
  };
}
