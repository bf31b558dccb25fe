// The landscape under a mouse, a finger or the keys.

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { App } from "./app";
import { frameOf } from "./ground";
import { nearest, type Place, toPixel, toPlace } from "./landscape";
import type { Look, Mark } from "./over";
import type { Surface } from "./surface";

const REACH = 14; // pixels: what is nearer to a mark is the mark
const STEPS = 40; // of the cross along a side of the map
const TURN = 0.09; // a press of a key, in radians
const DRAGGED = 5; // pixels that a pointer moves before it turns the surface

const ARROWS: Record<string, Place> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

interface Spot {
  place: Place;
  mark: Mark | null;
}

export class Pointing {
  readonly focused = signal(false); // by the keys
  readonly #over = signal<Spot | null>(null); // what the pointer is over
  #down: { x: number; y: number; turned: boolean } | null = null;

  constructor(
    readonly app: App,
    readonly canvas: { current: HTMLCanvasElement | null },
    readonly surface: Signal<Surface | null>,
  ) {}

  // What is under the pointer, else what one can do.
  readonly words: ReadonlySignal<string> = computed(() => {
    const { terrain } = this.app;
    const ground = terrain.ground.value;
    const spot = this.#over.value;
    if (!ground) return "";
    if (!spot) return terrain.tells(this.app.store.seen.value);
    const name = spot.mark ? `“${spot.mark.name}”: ` : "Here: ";
    return `${name}${terrain.at(spot.mark?.at ?? spot.place)}.`;
  });

  get #frame() {
    const { clientWidth, clientHeight } = this.canvas.current!;
    return frameOf(this.app.terrain.ground.peek()!, clientWidth, clientHeight);
  }

  readonly look: Look = (place) => {
    const solid = this.surface.peek();
    if (solid) return solid.look(place);
    const [x, y] = toPixel(this.#frame, place);
    return { x, y, hidden: false };
  };

  #spot({ offsetX, offsetY }: PointerEvent): Spot | null {
    const { marks } = this.app.terrain.ground.peek()!;
    const points = marks.map(({ at }): Place => {
      const { x, y } = this.look(at);
      return [x, y];
    });
    const mark = marks[nearest(points, [offsetX, offsetY], REACH)] ?? null;
    const solid = this.surface.peek();
    const place = solid ? solid.pick(offsetX, offsetY) : toPlace(this.#frame, [offsetX, offsetY]);
    return place || mark ? { place: place ?? mark.at, mark } : null;
  }

  get #there(): boolean {
    return this.app.terrain.ground.peek() !== null;
  }

  readonly #start = (spot: Spot): void => {
    this.app.terrain.cursor.value = spot.mark?.at ?? spot.place;
    void this.app.guarded(() => this.app.terrain.start(spot.place, spot.mark))();
  };

  readonly #press = (event: PointerEvent): void => {
    if (event.button > 0 || !this.#there) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#down = { x: event.clientX, y: event.clientY, turned: false };
  };

  readonly #move = (event: PointerEvent): void => {
    if (!this.#there) return;
    const solid = this.surface.peek();
    const down = this.#down;
    if (solid && down) {
      const [across, up] = [event.clientX - down.x, event.clientY - down.y];
      if (down.turned || Math.hypot(across, up) > DRAGGED) {
        solid.turn(across * 0.008, up * 0.008);
        this.#down = { x: event.clientX, y: event.clientY, turned: true };
      }
      return;
    }
    if (event.pointerType !== "touch") this.#over.value = this.#spot(event);
  };

  readonly #release = (event: PointerEvent): void => {
    const down = this.#down;
    this.#down = null;
    if (!down || down.turned || !this.#there) return;
    const spot = this.#spot(event);
    if (spot) this.#start(spot);
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#there) return;
    const { key } = event;
    const solid = this.surface.peek();
    if (ARROWS[key] && solid && !event.shiftKey) {
      solid.turn(-ARROWS[key][0] * TURN, -ARROWS[key][1] * TURN);
    } else if (ARROWS[key]) this.#moveBy(ARROWS[key]);
    else if (solid && "+=-".includes(key)) solid.come(key === "-" ? 1.15 : 1 / 1.15);
    else if (key === "Enter" || key === " ") this.#begin();
    else return;
    this.focused.value = true;
    event.preventDefault();
    event.stopPropagation();
  };

  // The mark at the cross, if it stands on one.
  #markAt(place: Place): Mark | null {
    const { marks, grid } = this.app.terrain.ground.peek()!;
    const reach = (grid.high[0] - grid.low[0]) / STEPS / 1.9;
    return (
      marks[
        nearest(
          marks.map(({ at }) => at),
          place,
          reach,
        )
      ] ?? null
    );
  }

  #begin() {
    const place = this.app.terrain.cursor.peek();
    if (place) this.#start({ place, mark: this.#markAt(place) });
  }

  #moveBy([across, up]: Place) {
    const { terrain, store } = this.app;
    const { grid, plane } = terrain.ground.peek()!;
    const clip = (x: number, k: 0 | 1) => Math.min(Math.max(x, grid.low[k]), grid.high[k]);
    const step = (k: 0 | 1) => (plane ? (grid.high[k] - grid.low[k]) / STEPS : 1);
    const [u, v] = terrain.cursor.peek() ?? this.#middle;
    const place: Place = [clip(u + across * step(0), 0), clip(v + up * step(1), 1)];
    terrain.cursor.value = place;
    const mark = this.#markAt(place);
    store.say(`${mark ? `“${mark.name}”, ` : ""}${terrain.at(place)}`);
  }

  get #middle(): Place {
    const { low, high } = this.app.terrain.ground.peek()!.grid;
    return [Math.round(low[0] + high[0]) / 2, Math.round(low[1] + high[1]) / 2];
  }

  readonly handlers = {
    onPointerDown: this.#press,
    onPointerMove: this.#move,
    onPointerUp: this.#release,
    onPointerCancel: () => (this.#down = null),
    onPointerLeave: () => (this.#over.value = null),
    onKeyDown: this.#key,
    onFocus: () => {
      this.focused.value = this.canvas.current!.matches(":focus-visible");
      if (this.#there) this.app.terrain.cursor.value ??= this.#middle;
    },
    onBlur: () => (this.focused.value = false),
  };
}
