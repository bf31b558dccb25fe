"""The learning rules in a student's words: what each does, and what to beware of."""

from __future__ import annotations

ABOUT = {
    "hebb": "Each stored pattern adds to the weight between two neurons: it rises where they agree "
    "in the pattern and falls where they do not. Patterns that are alike are mixed up.",
    "pseudo_inverse": "The weights are solved for so that every stored pattern is at rest, even "
    "where patterns are alike. The more are stored, the less damage is repaired. There must be "
    "fewer patterns than neurons.",
    "storkey": "Hebb's rule, but each new pattern allows for what the network does already. "
    "More patterns are kept, and those that are alike disturb each other less.",
    "perceptron": "The patterns are shown again and again, and a neuron that is wrong changes its "
    "weights, until all are right. The weights are not symmetric, so there is no energy.",
    "adatron": "As the perceptron, but the weights hold each pattern as firmly as any weights can. "
    "They are not symmetric, so there is no energy.",
    "probability_flow": "The weights are fitted so that a state that differs from a stored pattern "
    "by one neuron falls back to it.",
    "dreaming": "Hebb's rule, then dreams that take away most of what the patterns do to each "
    "other. With dreams of the length taken here some 0.7 N random patterns are kept.",
    "kernel": "Each neuron learns its state from the distances to all stored patterns. There are "
    "no weights between pairs of neurons, and no energy.",
    "palimpsest": "Hebb's rule with weights that stop at a bound: new patterns overwrite the "
    "oldest, so the memory is never full. The order in which you store them counts.",
    "covariance": "Hebb's rule for patterns with few active neurons: only what differs from the "
    "mean activity counts. Of patterns with half of the neurons active it keeps half as many.",
    "willshaw": "A weight is 1 as soon as two neurons were active in the same pattern. It is for "
    "patterns with very few active neurons; with pictures that are half ink it is soon full.",
}
SPOILT = "Expect wrong pixels, then states that nobody stored."
BEYOND = {"palimpsest": "Only the newest come back."}
