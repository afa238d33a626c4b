declare module "podgate-examples" {
  /** An example of the gallery: files that are judged as one run. */
  export interface Example {
    id: string;
    title: string;
    /** What there is to see in it, in two sentences. */
    story: string;
    files: { name: string; text: string }[];
  }
  const groups: { title: string; examples: Example[] }[];
  export default groups;
}

declare module "podgate-pod-fields" {
  const fields: import("./editor/schema").Shapes;
  export default fields;
}
