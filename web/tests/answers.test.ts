import { expect, test } from "vitest";
import { answersOf } from "../src/cells/answers";

const kept = (code: unknown) => JSON.stringify({ built: "a", code, solved: true });

test("the answers of all pages of this book are gathered, and nothing else", () => {
  const found = answersOf(
    [
      ["hopfield-book:/book/08_capacity.html:7", kept("p = 5")],
      ["hopfield-book:/book/08_capacity.html:12", kept("p = 6")],
      ["hopfield-book:/book/course/index.html:3", kept("x = 1")],
      ["hopfield-book:/book/:2", kept("y = 2")],
      ["hopfield-book:/book/courses/ffr135:1", kept("z = 3")],
      ["hopfield-book:/other/08_capacity.html:7", kept("no")],
      ["hopfield-book:/book/01_network.html:4", "not JSON"],
      ["hopfield-book:/book/01_network.html:5", kept(4)],
      ["theme", "dark"],
    ],
    "/book/",
  );
  expect(found).toEqual({
    "08_capacity": { 7: "p = 5", 12: "p = 6" },
    "course/index": { 3: "x = 1" },
    index: { 2: "y = 2" },
    "courses/ffr135": { 1: "z = 3" },
  });
});
