/** Turns what hangs together into an SVG, drawn by Graphviz (as WebAssembly: no program has to be installed). */
import { type Edge, type Graph, instance, type Node } from "@viz-js/viz";
import { cut, line } from "../sanitize";
import type { Picture, PictureNode } from "./links";
import { Markup } from "./markup";

const SHAPES: Readonly<Record<PictureNode["kind"], string>> = {
  bucket: "cylinder",
  key: "octagon",
  companion: "box",
  caller: "ellipse",
};

/**
 * Graphviz reads `\n`, `\N` and the like in labels, and character references, of which `&#27;` would be an escape
 * character again: a backslash of a name is doubled, an ampersand written as one.
 */
const label = (text: string): string => cut(line(text), 60).replaceAll("\\", "\\\\").replaceAll("&", "&amp;");

function wordsOf({ kind, verdict, blocking }: PictureNode): string {
  const what = { bucket: "bucket", key: "KMS key", companion: "", caller: "gets in" }[kind];
  if (verdict === undefined) return what;
  const how = blocking > 0 ? `${blocking} open` : verdict === "pass" ? "all pass" : verdict;
  return what === "" ? how : `${what}: ${how}`;
}

/** The long module path of an address stands on a line of its own. */
function nameOf(name: string): string {
  const at = name.search(/(?:aws|awscc)_[a-z0-9_]+\.[^.]+$/);
  return at > 0 ? `${label(name.slice(0, at))}\\n${label(name.slice(at))}` : label(name);
}

function toNode(node: PictureNode, index: number, anchors: ReadonlyMap<string, string>): Node {
  const words = wordsOf(node);
  const anchor = anchors.get(node.name);
  return {
    name: `n${index}`,
    attributes: {
      label: words === "" ? nameOf(node.name) : `${nameOf(node.name)}\\n${label(words)}`,
      shape: SHAPES[node.kind],
      class: node.kind === "caller" ? "fail" : (node.verdict ?? "companion"),
      tooltip: label(node.name),
      ...(anchor === undefined ? {} : { URL: `#${anchor}` }),
    },
  };
}

/** The SVG, to be put into a page. `anchors` are the ids of the findings about an address: its node leads there. */
export async function drawingOf(picture: Picture, anchors: ReadonlyMap<string, string>): Promise<Markup> {
  const indexes = new Map(picture.nodes.map(({ name }, index) => [name, `n${index}`]));
  const edges = picture.links.flatMap(({ from, to, label: words, isLetIn }): Edge[] => {
    const [tail, head] = [indexes.get(from), indexes.get(to)];
    if (tail === undefined || head === undefined) return [];
    const attributes = {
      label: ` ${label(words)} `,
      class: isLetIn ? "fail" : "link",
      ...(isLetIn ? { penwidth: 2 } : { style: "dashed" }),
    };
    return [{ tail, head, attributes }];
  });
  const graph: Graph = {
    directed: true,
    graphAttributes: { rankdir: "LR", bgcolor: "transparent", nodesep: 0.25, ranksep: 0.6 },
    nodeAttributes: { fontname: "Helvetica", fontsize: 11, margin: "0.15,0.08" },
    edgeAttributes: { fontname: "Helvetica", fontsize: 10, arrowsize: 0.7 },
    nodes: picture.nodes.map((node, index) => toNode(node, index, anchors)),
    edges,
  };
  const svg = (await instance()).renderString(graph, { format: "svg", engine: "dot" });
  // The page names the drawing; what Graphviz says of itself before the element is for files of their own.
  return new Markup(
    svg
      .slice(svg.indexOf("<svg"))
      .replace(/<!--.*?-->\n?/gs, "")
      .replace("<svg", '<svg role="img" aria-labelledby="picture-words"'),
  );
}
