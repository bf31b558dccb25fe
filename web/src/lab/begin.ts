// The lab as it begins: three pictures are stored, the first is on the canvas, a quarter of it wrong.

import { read } from "./link";
import type { Store } from "./store";

export function beginFresh(store: Store): void {
  const { known } = store;
  const lab = read(known.first!.lab, known);
  store.dispatch({ type: "show", lab });
  store.dispatch({
    type: "words",
    text:
      `This is “${lab.patterns[0].name}” with a quarter of its pixels flipped. ` +
      "Press Play and watch it come back.",
  });
}
