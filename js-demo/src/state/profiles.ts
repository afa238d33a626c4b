// The profiles that there are, and how they are written.

export interface Profile {
  name: string;
  about: string;
  /** Whether a version of Kubernetes can stand behind it, as in `pss-baseline:v1.29`. */
  versioned: boolean;
}

export const known: Profile[] = [
  { name: "ci", about: "against pods that take their node over", versioned: false },
  { name: "pss-baseline", about: "Pod Security Standard baseline", versioned: true },
  { name: "pss-restricted", about: "Pod Security Standard restricted", versioned: true },
  { name: "psp:baseline", about: "as PodSecurityPolicy did", versioned: false },
  { name: "psp:restricted", about: "as PodSecurityPolicy did", versioned: false },
];

/** How `latest`, which is the default, is called. */
export const LATEST = "latest";

/** Whether `chosen` is this profile, of whatever version. */
export const isOf = ({ name, versioned }: Profile, chosen: string): boolean =>
  chosen === name || (versioned && chosen.startsWith(`${name}:`));

/** The profile in what is written, where it is one of those here. */
export const profileOf = (chosen: string): Profile | undefined => known.find((one) => isOf(one, chosen));

/** The version in a profile such as `pss-baseline:v1.29`. */
export const versionOf = (chosen: string): string =>
  profileOf(chosen)?.versioned ? (chosen.split(":")[1] ?? LATEST) : LATEST;

/** A profile as it is written with a version. */
export const withVersion = ({ name }: Profile, version: string): string => (version === LATEST ? name : `${name}:${version}`);
