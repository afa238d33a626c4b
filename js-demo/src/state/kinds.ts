// What a file is, in a word or two for its tab: as the report and the engine say it.
import { computed } from "@preact/signals";
import type { InputFormat, Report } from "../engine/podgate";
import { formats } from "./formats";
import { report } from "./verdict";

/** How systems call themselves, by the `platform` of a subject. */
const SYSTEMS: Record<string, string> = {
  argo: "Argo",
  "azure-pipelines": "Azure Pipelines",
  buildkite: "Buildkite",
  circleci: "CircleCI",
  concourse: "Concourse",
  drone: "Drone",
  gitea: "Gitea",
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

/** What the files are, by their names, as far as a report tells. */
export function kindsOf({ subjects, withoutPod }: Pick<Report, "subjects" | "withoutPod">): ReadonlyMap<string, Kind> {
  const found = new Map<string, { labels: Set<string>; kinds: Set<string> }>();
  for (const { source, kind, platform } of [...subjects, ...withoutPod.map((one) => ({ ...one, platform: undefined }))]) {
    const of = found.get(source) ?? { labels: new Set(), kinds: new Set() };
    of.labels.add(KINDS[kind] ?? (platform === undefined ? kind : (SYSTEMS[platform] ?? platform)));
    of.kinds.add(kind);
    found.set(source, of);
  }
  return new Map([...found].flatMap(([source, { labels, kinds }]): [string, Kind][] => {
    const [first, ...more] = words(labels);
    return first === undefined ? [] : [[source, { label: more.length > 0 ? `${first} +${more.length}` : first, title: words(kinds).join(", ") || first }]];
  }));
}

const words = (names: Set<string>): string[] => [...names].filter((name) => name !== "");

/** What a file is of which only the format is known; nothing for YAML, which may be anything. */
export function formatKind(format: InputFormat | undefined): Kind | undefined {
  const label = format === undefined ? undefined : FORMATS[format];
  return label === undefined ? undefined : { label, title: label };
}

const told = computed(() => (report.value === undefined ? undefined : kindsOf(report.value)));

/** What a file is; nothing where neither report nor format tell. */
export const kindOf = (source: string): Kind | undefined => told.value?.get(source) ?? formatKind(formats.value.get(source));
