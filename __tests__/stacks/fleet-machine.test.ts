/** The fleet's state machine: held against the Amazon States Language, and what it does when a batch breaks off. */
import validate from "asl-validator";
import { machineDefinition } from "../../stacks/fleet-machine";

const arn = (name: string): string => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`;
const definition = machineDefinition({
  partition: "aws",
  plans: "plans",
  judge: arn("judge"),
  summarise: arn("summarise"),
});

test("is valid, and the validator knows what isn't", () => {
  const { isValid, errorsText } = validate(JSON.parse(JSON.stringify(definition)));
  expect({ isValid, errors: isValid ? "" : errorsText() }).toEqual({ isValid: true, errors: "" });
  const broken = JSON.parse(JSON.stringify(definition));
  broken.States.JudgeAll.ItemProcessor.States.JudgeBatch.Catch[0].Next = "Nowhere";
  expect(validate(broken).isValid).toBe(false);
});

test("no batch that breaks off is lost: it is tried again, then named, and the run can't end well", () => {
  expect(definition).toMatchObject({
    States: {
      JudgeAll: {
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED" },
          States: {
            JudgeBatch: { Catch: [{ ErrorEquals: ["States.ALL"], Next: "BrokeOff" }] },
            BrokeOff: { Parameters: { "notJudged.$": "$.Items[*].Key" } },
          },
        },
        Next: "Summarise",
      },
      Verdict: { Default: "NotJudged" },
      NotJudged: { Type: "Fail" },
    },
  });
  // Tolerated failures would leave the map's results without their objects.
  expect(JSON.stringify(definition)).not.toContain("Tolerated");
});
