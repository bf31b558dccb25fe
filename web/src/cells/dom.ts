// Small helpers for the page's own elements.

type Properties<K extends keyof HTMLElementTagNameMap> = Partial<
  Omit<HTMLElementTagNameMap[K], "style">
>;

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties<K> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// A button; where `of` is given, what is heard says of which cell it is.
export function button(words: string, title: string, action: () => unknown, of = "") {
  const made = make("button", { type: "button", textContent: words, onclick: () => action() });
  if (title) made.title = title;
  if (of) made.setAttribute("aria-label", `${words}, ${of}`);
  return made;
}

// What a reader hears who cannot see a cell's output come.
export const spoken = make("p", { className: "live-spoken" });
spoken.setAttribute("role", "status");

// Give a button another name, for the eye and the ear.
export function rename(element: HTMLButtonElement, words: string): void {
  element.ariaLabel = element.ariaLabel?.replace(element.textContent ?? "", words) ?? null;
  element.textContent = words;
}

// Say something on a button for a while.
export function say(element: HTMLButtonElement, words: string) {
  spoken.textContent = words;
  const before = (element.dataset.name ??= element.textContent ?? ""); // a second press may come meanwhile
  rename(element, words);
  setTimeout(() => rename(element, before), 1500);
}

// Copy a text; where the browser, or another site's frame, does not allow it, say so on the button.
export async function copy(
  text: string,
  element: HTMLButtonElement,
  otherwise = "Not allowed here",
) {
  const done = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  say(element, done ? "Copied" : otherwise);
}
