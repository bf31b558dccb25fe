// The code editor of the live cells, loaded when a reader first presses Edit.
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentLess,
  indentMore,
} from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import {
  HighlightStyle,
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

// The page's own colours (live.css), so that one theme serves light and dark.
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number], color: "var(--code-number)" },
  { tag: [tags.comment], color: "var(--code-comment)" },
  {
    tag: [tags.function(tags.variableName), tags.definition(tags.variableName)],
    color: "var(--code-name)",
  },
]);

const markEffect = StateEffect.define<number | null>();
const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lines, { effects, docChanged, state }) {
    for (const effect of effects) {
      if (!effect.is(markEffect)) continue;
      const line = effect.value;
      if (!line || line > state.doc.lines) return Decoration.none;
      const at = state.doc.line(line).from;
      return Decoration.set([Decoration.line({ class: "live-error-line" }).range(at)]);
    }
    return docChanged ? Decoration.none : lines;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export interface Editor {
  code: string;
  focus(): void;
  mark(line: number | null): void;
  destroy(): void;
}

export interface Options {
  label: string;
  onRun: () => void;
  onChange: (code: string) => void;
  onLeave: () => void;
}

export function edit(host: HTMLElement, code: string, options: Options): Editor {
  const { label, onRun, onChange, onLeave } = options;
  const run = () => (onRun(), true);
  const view = new EditorView({
    parent: host,
    state: EditorState.create({
      doc: code,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        highlightSpecialChars(),
        bracketMatching(),
        indentOnInput(),
        indentUnit.of("    "),
        python(),
        syntaxHighlighting(colours),
        marked,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label }),
        EditorView.updateListener.of(
          (update) => update.docChanged && onChange(update.state.doc.toString()),
        ),
        keymap.of([
          { key: "Shift-Enter", run },
          { key: "Mod-Enter", run },
          { key: "Escape", run: () => (onLeave(), true) },
          // Tab leaves the editor, as keyboard users expect.
          { key: "Mod-]", run: indentMore },
          { key: "Mod-[", run: indentLess },
          ...defaultKeymap,
          ...historyKeymap,
        ]),
      ],
    }),
  });
  // The site's search opens on "/": keys pressed in the editor are the editor's alone.
  host.addEventListener("keydown", (event) => event.stopPropagation());
  return {
    focus: () => view.focus(),
    get code() {
      return view.state.doc.toString();
    },
    set code(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    mark: (line) => view.dispatch({ effects: markEffect.of(line) }),
    destroy: () => view.destroy(),
  };
}
