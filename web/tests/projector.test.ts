import { expect, test } from "vitest";
import { isNamed, named } from "../src/lab/projector";

test("the projector is named in an address, beside what else it holds", () => {
  const plain = "https://a.org/lab.html?embed=1#lab=xyz";
  const shown = named(plain, true);
  expect(shown).toBe("https://a.org/lab.html?embed=1&projector#lab=xyz");
  expect([isNamed(plain), isNamed(shown)]).toEqual([false, true]);
  expect(named(shown, false)).toBe(plain);
  expect(named("https://a.org/lab.html", true)).toBe("https://a.org/lab.html?projector");
  expect(named("https://a.org/lab.html?projector", false)).toBe("https://a.org/lab.html");
});
