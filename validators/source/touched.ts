/** Turns what is looked at while something is evaluated into one answer: whether anything of it was sensitive. */

/** Whether what is evaluated at the moment has looked at something sensitive. Evaluations wait for one another, as on a stack. */
let isTouched = false;

/** Says that what is evaluated at the moment looks at something sensitive. */
export function touch(): void {
  isTouched = true;
}

/** Begins an evaluation of its own. What it gives goes to {@link endWithin} or {@link endApart}, whatever happens. */
export function begin(): boolean {
  const outer = isTouched;
  isTouched = false;
  return outer;
}

/** Whether the evaluation that has begun looked at something sensitive so far. */
export const hasTouched = (): boolean => isTouched;

/** Ends an evaluation whose value becomes part of the outer one's: whether it looked at something sensitive, as the outer one did then. */
export function endWithin(outer: boolean): boolean {
  const mine = isTouched;
  isTouched = outer || mine;
  return mine;
}

/** Ends an evaluation of which the outer one knows what it looked at. */
export function endApart(outer: boolean): boolean {
  const mine = isTouched;
  isTouched = outer;
  return mine;
}

/** Does something, and tells whether it looked at anything sensitive. */
export function touches(action: () => void): boolean {
  const outer = begin();
  let found = false;
  try {
    action();
  } finally {
    found = endApart(outer);
  }
  return found;
}
