// How much of the attention a stored pattern has now, as a bar beside it.

import { useComputed } from "@preact/signals";
import { useLab } from "./controls";

export function Attention({ k }: { k: number }) {
  const { store } = useLab();
  const share = useComputed(() => {
    const { run, settings, view } = store.seen.value;
    if (settings.model !== "attention") return null;
    const { history } = run;
    const end = view && "frame" in view ? view.frame + 1 : history.length;
    return history.slice(0, end).findLast(({ attention }) => attention)?.attention?.[k] ?? null;
  });
  if (share.value === null) return null;
  const text = `${Math.round(100 * share.value)} %`;
  return (
    <span class="lab-attention" data-lab="attention" title={`${text} of the attention`}>
      <span class="lab-track">
        <i style={{ width: `${(100 * share.value).toFixed(1)}%` }} />
      </span>
      <span>
        <span class="lab-hidden">Attention </span>
        {text}
      </span>
    </span>
  );
}
