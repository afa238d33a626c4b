import { invalid } from "./input.js";

/** The JSON Schema (draft 2020-12) of `podgate.yaml`, or of the report. */
export async function schema(of: "settings" | "report"): Promise<Record<string, unknown>> {
  switch (of) {
    case "settings":
      return (await import("./generated/settings.schema.js")).default;
    case "report":
      return (await import("./generated/report.schema.js")).default;
    default:
      throw invalid(`unknown schema \`${String(of)}\`, expected \`settings\` or \`report\``);
  }
}
