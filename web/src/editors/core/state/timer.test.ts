import { expect, it } from "vitest";
import { WorkTimer, idleAfterMs } from "./timer";

it("counts work, not idleness nor a hidden page", () => {
  let now = 0;
  const timer = new WorkTimer(12, () => now);
  now += 3000;
  timer.activity();
  expect(timer.seconds).toBe(15);
  now += idleAfterMs + 60_000;
  expect(timer.seconds).toBe(15 + idleAfterMs / 1000);
  timer.activity();
  now += 1000;
  expect(timer.seconds).toBe(16 + idleAfterMs / 1000);
  timer.pause();
  now += 50_000;
  timer.resume();
  now += 2000;
  expect(timer.seconds).toBe(18 + idleAfterMs / 1000);
});
