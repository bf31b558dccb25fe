// An address that holds all of it, and files.

import { useEffect, useRef } from "preact/hooks";
import type { Keep } from "../keep";
import { save, savePng } from "../save";
import { Button, useLab } from "./controls";

export function Share() {
  const lab = useLab();
  const { keep } = lab;
  return (
    <>
      <div class="lab-row">
        {keep && (
          <Button name="link" onClick={() => keep.share()}>
            Share by address
          </Button>
        )}
        <Button name="png" onClick={() => savePng(lab)}>
          PNG
        </Button>
        <Button name="gif" onClick={() => save(lab, "gif")}>
          GIF
        </Button>
        <Button name="npz" onClick={() => save(lab, "npz")}>
          .npz
        </Button>
        <Button name="script" onClick={() => save(lab, "py")}>
          Python script
        </Button>
      </div>
      {keep && <Address keep={keep} />}
    </>
  );
}

function Address({ keep }: { keep: Keep }) {
  const field = useRef<HTMLInputElement>(null);
  const address = keep.address.value;
  useEffect(() => {
    if (address) field.current!.select();
  }, [address]);
  return (
    <div data-lab="address" hidden={!address}>
      <label class="lab-field">
        <span data-lab="addressText">{keep.addressWords.value}</span>
        <input ref={field} data-lab="addressField" type="text" readOnly value={address} />
      </label>
    </div>
  );
}
