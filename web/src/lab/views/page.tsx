// All of the lab: the canvas first, tools beside it, traces beside those.

import { render } from "preact";
import type { App } from "../app";
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

const NARROW = 680; // pixels

export function show(lab: App): () => void {
  const open = lab.root.clientWidth >= NARROW;
  lab.root.replaceChildren();
  render(
    <Lab.Provider value={lab}>
      <div class="lab-columns">
        <Stage />
        <section class="lab-tools" aria-label="Tools">
          <Card title="Draw" open={open}>
            <Draw />
          </Card>
          <Card title="Store" open={open}>
            <Stored />
          </Card>
          <Card title="Corrupt" open={open}>
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
  return () => render(null, lab.root);
}
