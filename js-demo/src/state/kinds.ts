// What a file is, in a word or two for its tab: as the report and the engine say it.
import type { InputFormat, Report } from "../engine/podgate";

/** How systems call themselves, by the `platform` of a subject. */
const SYSTEMS: Record<string, string> = {
  argo: "Argo",
  "azure-pipelines": "Azure Pipelines",
  buildkite: "Buildkite",
  circleci: "CircleCI",
  concourse: "Concourse",
  drone: "Drone",
  "github-actions": "GitHub Actions",
  gitlab: "GitLab",
  jenkins: "Jenkins",
  keda: "KEDA",
  knative: "Knative",
  openshift: "OpenShift",
  prow: "Prow",
  shipwright: "Shipwright",
  spark: "Spark",
  tekton: "Tekton",
  woodpecker: "Woodpecker",
};

/** Kinds that say more than the system's name. */
const KINDS: Record<string, string> = {
  GitLabJob: "GitLab CI",
  GitLabPipeline: "GitLab CI",
  GitLabRunner: "GitLab Runner",
  GitLabRunnerConfig: "GitLab Runner",
  GitLabRunnerValues: "GitLab Runner",
  Jenkinsfile: "Jenkinsfile",
};

/** What to call a text of which nothing else is known. */
const FORMATS: Partial<Record<InputFormat, string>> = { jenkinsfile: "Groovy", toml: "TOML", xml: "XML" };

export interface Kind {
  /** For the tab. */
  label: string;
  /** All of it. */
  title: string;
}

/** What a file is; nothing where neither report nor format tell. */
export function kindOf(report: Report | undefined, source: string, format: InputFormat | undefined): Kind | undefined {
  const judged = report?.subjects.filter((one) => one.source === source) ?? [];
  const others = report?.withoutPod.filter((one) => one.source === source) ?? [];
  const names = new Set([
    ...judged.map(({ kind, platform }) => KINDS[kind] ?? (platform === undefined ? kind : (SYSTEMS[platform] ?? platform))),
    ...others.map(({ kind }) => KINDS[kind] ?? kind),
  ]);
  names.delete("");
  const [first = format === undefined ? undefined : FORMATS[format], ...more] = names;
  if (first === undefined) return undefined;
  const kinds = new Set([...judged, ...others].map(({ kind }) => kind).filter((kind) => kind !== ""));
  return { label: more.length > 0 ? `${first} +${more.length}` : first, title: [...kinds].join(", ") || first };
}
