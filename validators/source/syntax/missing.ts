/** Turns the want of a parser that isn't loaded yet into an error that the process door knows how to answer. */

/** Thrown where text must be parsed and `loadParser` hasn't been called. The door loads the parser and starts again. */
export class ParserMissing extends Error {
  override name = "ParserMissing";
}
