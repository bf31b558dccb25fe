// The lab in a notebook: the kernel's own package answers, through anywidget.

import { App } from "./app";
import type { Backend, Calls } from "./backend";
import { unpackState } from "./cells";
import { read, written } from "./link";
import { formOf, told } from "./select";
import type { Known } from "./types";
import { show } from "./views/page";

interface Message {
  id?: number;
  value?: unknown;
  error?: { message: string; traceback: string };
  show?: unknown; // another lab, as a link has it
  edit?: boolean; // a state, in the buffer
}

type Heard = (message: Message, buffers: (DataView | ArrayBuffer)[]) => void;

// What is used of an anywidget's model.
interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown, callbacks?: unknown, buffers?: (ArrayBuffer | ArrayBufferView)[]): void;
  on(event: "msg:custom", heard: Heard): void;
  off(event: "msg:custom", heard: Heard): void;
}

const TOLD = 300; // milliseconds after a change before the kernel keeps it for the next view

const bytesOf = (buffer: DataView | ArrayBuffer): Uint8Array =>
  ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).slice()
    : new Uint8Array(buffer).slice();

// A value with the bytes that travelled beside it put back.
function whole(value: unknown, buffers: Parameters<Heard>[1]): unknown {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  if ("$buffer" in value) return bytesOf(buffers[value.$buffer as number]);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, whole(v, buffers)]));
}

class Kernel implements Backend {
  readonly running = true;
  readonly #waiting = new Map<
    number,
    { resolve: (x: never) => void; reject: (e: Error) => void }
  >();
  #last = 0;

  constructor(readonly model: Model) {
    model.on("msg:custom", this.#hear);
  }

  readonly #hear: Heard = ({ id, value, error }, buffers) => {
    const asked = this.#waiting.get(id ?? -1);
    if (!asked) return; // another view's
    this.#waiting.delete(id!);
    if (error) asked.reject(Object.assign(new Error(error.message), error));
    else asked.resolve(whole(value, buffers) as never);
  };

  start(): Promise<void> {
    return Promise.resolve();
  }

  call<K extends keyof Calls>(name: K, ...args: Parameters<Calls[K]>) {
    const buffers: Uint8Array[] = [];
    const sent = args.map((arg) => {
      if (!(arg instanceof Uint8Array)) return arg;
      return { $buffer: buffers.push(arg) - 1 };
    });
    const id = Math.floor(Math.random() * 2 ** 20) * 2 ** 20 + ++this.#last; // views share a model
    const answer = new Promise<ReturnType<Calls[K]>>((resolve, reject) =>
      this.#waiting.set(id, { resolve, reject }),
    );
    this.model.send({ id, name, args: sent }, undefined, buffers);
    return answer;
  }

  end(): void {
    this.model.off("msg:custom", this.#hear);
  }
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const root = document.createElement("div");
  root.className = "hopfield-lab";
  el.append(root);
  const known = model.get("_known") as Known;
  const kernel = new Kernel(model);
  const lab = new App(root, known, kernel, () => import("./surface"));
  const { store } = lab;
  store.dispatch({ type: "show", lab: read(model.get("_made"), known) });
  store.dispatch({ type: "opened" });
  const hear: Heard = (message, buffers) => {
    if (message.show) store.dispatch({ type: "show", lab: read(message.show, known) });
    if (message.edit) {
      const n = store.now.side ** 2;
      const { kind } = formOf(known, store.now.settings);
      lab.edit(() => unpackState(bytesOf(buffers[0]), n, kind));
    }
  };
  model.on("msg:custom", hear);
  let telling: ReturnType<typeof setTimeout> | undefined;
  const stop = store.state.subscribe(({ playing }) => {
    clearTimeout(telling);
    if (playing) return;
    const tell = () => {
      model.set("_made", written(told(store.now), known));
      model.save_changes(); // marimo runs the cells that depend on the widget
    };
    telling = setTimeout(tell, TOLD);
  });
  const hide = show(lab);
  void lab.guarded(() => lab.driver.look())(); // the kernel is there already
  const watch = new MutationObserver(() => lab.recolour());
  watch.observe(document.documentElement, { attributeFilter: ["data-theme", "class"] });
  watch.observe(document.body, { attributeFilter: ["data-jp-theme-light", "class"] });
  const shown = new ResizeObserver(() => {
    lab.recolour(); // JupyterLab renders first, and puts it into the page later: until then no style
    shown.disconnect();
  });
  shown.observe(root);
  return () => {
    stop();
    clearTimeout(telling);
    watch.disconnect();
    shown.disconnect();
    model.off("msg:custom", hear);
    kernel.end();
    hide();
  };
}

export default { render };
