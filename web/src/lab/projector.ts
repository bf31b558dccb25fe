// The projector view: named by ?projector in the address, left by Escape.

import { effect, type Signal } from "@preact/signals";

const NAME = "projector";

// The same address with the view named in it, or not.
export function named(address: string, on: boolean): string {
  const url = new URL(address);
  url.searchParams.delete(NAME);
  const rest = url.searchParams.size ? `${url.search}&` : "?";
  return `${url.origin}${url.pathname}${on ? rest + NAME : url.search}${url.hash}`;
}

export const isNamed = (address: string): boolean => new URL(address).searchParams.has(NAME);

// Let the page follow, until what comes back is called.
export function project(root: HTMLElement, on: Signal<boolean>): () => void {
  on.value = isNamed(location.href);
  const stop = effect(() => {
    root.classList.toggle("lab-projector", on.value);
    if (isNamed(location.href) !== on.value) {
      history.replaceState(null, "", named(location.href, on.value));
    }
    if (on.value) scrollTo(0, 0);
  });
  const leave = (event: KeyboardEvent) => {
    if (event.key === "Escape" && on.value) on.value = false;
  };
  document.addEventListener("keydown", leave);
  return () => {
    stop();
    document.removeEventListener("keydown", leave);
  };
}
