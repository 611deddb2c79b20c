/** Truth and values: laws that everything above rests on. */
import fc from "fast-check";
import {
  all,
  any,
  fromJson,
  InputError,
  isSameText,
  not,
  Sym,
  show,
  Text,
  type Truth,
  text,
  truth,
  Unknown,
  unknownsIn,
} from "../../validators/kernel/index";

const truths = fc.constantFrom<Truth>("yes", "no", "unknown");
/** Every way to decide the unknown ones. */
const worlds = (claims: readonly Truth[]): boolean[][] =>
  claims.reduce<boolean[][]>(
    (before, claim) =>
      before.flatMap((world) =>
        (claim === "unknown" ? [true, false] : [claim === "yes"]).map((one) => [...world, one]),
      ),
    [[]],
  );
const verdict = (outcomes: readonly boolean[]): Truth =>
  outcomes.every(Boolean) ? "yes" : outcomes.some(Boolean) ? "unknown" : "no";

test("all, any and not say what holds in every world, and nothing more", () => {
  fc.assert(
    fc.property(fc.array(truths, { maxLength: 6 }), (claims) => {
      expect(all(claims)).toBe(verdict(worlds(claims).map((world) => world.every(Boolean))));
      expect(any(claims)).toBe(verdict(worlds(claims).map((world) => world.some(Boolean))));
      expect(not(all(claims))).toBe(any(claims.map(not)));
    }),
  );
});

const bucket = new Sym("aws_s3_bucket.b.bucket", "bucket-name");

test("text is normal: literals joined, empty ones dropped, known where no symbol is left", () => {
  expect(text(["a", "", new Text(["b", bucket]), "c", "d"])).toEqual(new Text(["ab", bucket, "cd"]));
  expect(text(["a", "b"])).toBe("ab");
  expect(text([])).toBe("");
  expect(show(text(["arn:aws:s3:::", bucket, "/*"]))).toBe("arn:aws:s3:::${aws_s3_bucket.b.bucket}/*");
});

test("a symbol equals itself by its id, and text by its parts", () => {
  const again = new Sym("aws_s3_bucket.b.bucket", "bucket-name");
  expect(isSameText(text(["x", bucket]), text(["x", again]))).toBe(true);
  expect(isSameText(text(["x", bucket]), text(["x", new Sym("other", "bucket-name")]))).toBe(false);
  expect(isSameText(text(["x", bucket]), text(["y", bucket]))).toBe(false);
  expect(isSameText(text(["x", bucket]), "x")).toBe(false);
  expect(isSameText("x", text(["x", bucket]))).toBe(false);
  expect(isSameText("x", "x")).toBe(true);
});

test("JSON's plain values stay what they are; what is missing is null", () => {
  for (const plain of ["", "x", 0, 1.5, true, false, null]) expect(fromJson(plain)).toBe(plain);
  expect(fromJson(undefined)).toBe(null);
});

test("JSON becomes maps: a hostile key reaches no prototype", () => {
  const value = fromJson(JSON.parse('{"__proto__": {"polluted": true}, "a": [1, null, {"b": "c"}]}'));
  expect(value).toEqual(
    new Map<string, unknown>([
      ["__proto__", new Map([["polluted", true]])],
      ["a", [1, null, new Map([["b", "c"]])]],
    ]),
  );
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test("unknowns are found at any depth, each once", () => {
  const gap = new Unknown("x.y", "computed-at-apply");
  expect(
    unknownsIn(
      new Map([
        ["a", [gap, text(["z", bucket])]],
        ["b", [gap, "known", null]],
      ]),
    ),
  ).toEqual([gap, bucket]);
});

test("unknowns of one place differ by the expression that they come from", () => {
  const [one, other] = ["var.a", "var.b"].map((expression) => new Unknown("x.y", "unresolved-expression", expression));
  expect(unknownsIn([one ?? null, other ?? null, new Unknown("x.y", "unresolved-expression", "var.a")])).toHaveLength(
    2,
  );
  expect(unknownsIn("known")).toEqual([]);
  expect(unknownsIn(undefined)).toEqual([]);
});

test("a symbol is computed at apply unless it says otherwise", () => {
  expect(bucket.because).toBe("computed-at-apply");
  expect(new Sym("var.a", "any", { because: "variable-without-value" }).because).toBe("variable-without-value");
});

test("a refusal of input can be told from a fault of Tollgate by its name", () => {
  expect(String(new InputError("plan.json: there is no such file"))).toBe(
    "InputError: plan.json: there is no such file",
  );
});

test("what a stranger wrote never makes an error longer than somebody reads", () => {
  const { message } = new InputError(`tollgate.json: ${"x".repeat(70_000)}: use a rule id`);
  expect(message).toHaveLength(1201);
  expect(message).toMatch(/^tollgate\.json: x+…x+: use a rule id$/);
  expect(new InputError("y".repeat(1200)).message).toBe("y".repeat(1200));
});

test("a boolean is a truth", () => {
  expect([truth(true), truth(false)]).toEqual(["yes", "no"]);
});
