/** Progress: nothing for two seconds, then a line that goes away again, and never where there is no terminal. */
import { progressOf } from "../validators/progress";

let written: string[];
beforeEach(() => {
  written = [];
  jest.useFakeTimers({ now: 0 });
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});
const before = Object.getOwnPropertyDescriptor(process.stderr, "isTTY");
const onTerminal = (isTTY: boolean) =>
  Object.defineProperty(process.stderr, "isTTY", { value: isTTY, configurable: true });
afterAll(() => {
  if (before) Object.defineProperty(process.stderr, "isTTY", before);
  else Reflect.deleteProperty(process.stderr, "isTTY");
});

test("waits, then says how far it is, at most five times a second, and cleans up", () => {
  onTerminal(true);
  const progress = progressOf("inputs");
  progress.show(1, 9);
  jest.advanceTimersByTime(2_000);
  progress.show(2, 9);
  progress.show(3, 9);
  jest.advanceTimersByTime(200);
  progress.show(4, 9);
  progress.clear();
  expect(written).toEqual(["\r\u001b[Ktollgate: 2 of 9 inputs", "\r\u001b[Ktollgate: 4 of 9 inputs", "\r\u001b[K"]);
});

test("says nothing in a log, and nothing of a short run", () => {
  onTerminal(false);
  const progress = progressOf("inputs");
  jest.advanceTimersByTime(5_000);
  progress.show(2, 9);
  progress.clear();
  expect(written).toEqual([]);
});
