// What spoils the picture on the canvas.

import { blank, blankHalf, flip, type Half, newSeed, shift } from "../cells";
import { Button, Icon, Slider, useLab } from "./controls";

const HALVES: Half[] = ["upper", "lower", "left", "right"];
const WAYS = [
  ["left", 0, -1],
  ["right", 0, 1],
  ["up", -1, 0],
  ["down", 1, 0],
] as const;

export function Corrupt() {
  const lab = useLab();
  const { share } = lab.ui;
  const part = () => share.value / 100;
  return (
    <>
      <div class="lab-inline">
        <Slider
          name="share"
          label="Share"
          range={[1, 50, 1]}
          value={share.value}
          text={`${share.value} %`}
          onInput={(value) => (share.value = value)}
        />
      </div>
      <div class="lab-row">
        <Button name="flip" onClick={() => lab.edit((c) => flip(c, part(), newSeed(), lab.form))}>
          Flip {share.value} %
        </Button>
        <Button name="blank" onClick={() => lab.edit((c) => blank(c, part(), newSeed()))}>
          Blank {share.value} %
        </Button>
      </div>
      <div class="lab-row" role="group" aria-label="Blank a half">
        <span class="lab-label">Blank a half</span>
        {HALVES.map((half) => (
          <Button
            key={half}
            class="lab-icon"
            label={`Blank the ${half} half`}
            title={`Blank the ${half} half`}
            onClick={() => lab.edit((c) => blankHalf(c, lab.store.now.side, half))}
          >
            <Icon name={`${half} half`} />
          </Button>
        ))}
      </div>
      <div class="lab-row" role="group" aria-label="Shift">
        <span class="lab-label">Shift</span>
        {WAYS.map(([way, down, right]) => (
          <Button
            key={way}
            class="lab-icon"
            label={`Shift ${way} by one pixel`}
            title={`Shift ${way} by one pixel`}
            onClick={() => lab.edit((c) => shift(c, lab.store.now.side, down, right))}
          >
            <Icon name={way} />
          </Button>
        ))}
      </div>
    </>
  );
}
