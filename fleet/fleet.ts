/** The fleet's two Lambda functions, by the names that the stack gives them: a batch's judge, and the summary of a run. */
export { judge } from "./judge";
export { summarise } from "./summary";
