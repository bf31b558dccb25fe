// The code of a cell as it stands on the page, or in the editor, which is fetched when asked for.

import type { Cell } from "./cell";
import { make, rename } from "./dom";
import type { Editor } from "./editor";

type EditorModule = typeof import("./editor");

export class Editing {
  #editor: Editor | null = null;
  #host: HTMLElement | null = null;
  #band: HTMLElement | null = null;
  #marked: number | null = null; // the line that an error points to
  readonly #builtView: string;

  constructor(
    readonly cell: Cell,
    readonly input: HTMLElement,
    readonly pre: HTMLPreElement,
  ) {
    this.#builtView = pre.innerHTML;
  }

  // Show the cell's code.
  follow(): void {
    const { code } = this.cell;
    if (!this.#editor) this.#show();
    else if (this.#editor.code !== code) this.#editor.code = code;
  }

  // Show the code: the page's own colours line by line where a line has not changed.
  #show() {
    const views = new Map<string, string>();
    const lines = this.cell.builtCode.split("\n");
    const views_ = this.#builtView.split("\n");
    views_.forEach((view, k) => k < lines.length && views.set(lines[k], view));
    this.pre.innerHTML = this.cell.code
      .split("\n")
      .map((line) => views.get(line) ?? make("span", { textContent: line }).innerHTML)
      .join("\n");
    if (this.pre.scrollWidth > this.pre.clientWidth) this.pre.tabIndex = 0; // to scroll by keyboard
  }

  async toggle(): Promise<void> {
    const { cell } = this;
    cell.details.open = true;
    if (this.#editor) return this.#leave();
    const { edit: button } = cell.tools;
    button.disabled = true;
    cell.page.python.warm(cell.page.packagesFor(""));
    try {
      const { edit }: EditorModule = await import(new URL("editor.js", import.meta.url).href);
      this.#host = make("div", { className: "live-editor" });
      this.input.append(this.#host);
      this.input.classList.add("live-editing");
      this.#editor = edit(this.#host, cell.code, {
        label: `Code of ${cell.name.toLowerCase()}; Escape leaves the editor`,
        onRun: () => void cell.start(),
        onChange: (code) => void (code !== cell.code && cell.change(code)),
        onLeave: () => this.#leave(),
      });
      this.#editor.focus();
      this.mark(this.#marked);
      rename(button, "Done");
    } catch {
      cell.verdict.say("wrong", "The editor could not be fetched. Is this computer offline?");
    } finally {
      button.disabled = false;
    }
  }

  #leave() {
    this.#editor?.destroy();
    this.#host?.remove();
    this.#editor = null;
    this.input.classList.remove("live-editing");
    rename(this.cell.tools.edit, "Edit");
    this.#show();
    this.mark(this.#marked);
    this.cell.tools.edit.focus();
  }

  // Mark the line that an error points to.
  mark(line: number | null): void {
    this.#marked = line;
    this.#band?.remove();
    this.#band = null;
    this.#editor?.mark(line);
    if (!line || this.#editor) return;
    const style = getComputedStyle(this.pre);
    const height = parseFloat(style.lineHeight);
    const top = this.pre.offsetTop + parseFloat(style.paddingTop) + (line - 1) * height;
    this.#band = make("span", { className: "live-error-band" });
    this.#band.style.top = `${top}px`;
    this.#band.style.height = `${height}px`;
    this.pre.after(this.#band);
  }
}
