// Which profiles judge: those of the settings, or others in their place.
import { useEffect, useRef } from "preact/hooks";
import { isOf, known, LATEST, versionOf, withVersion } from "../state/profiles";
import type { Profile } from "../state/profiles";
import { profiles } from "../state/state";
import { report } from "../state/verdict";
import { useMenu } from "./menu";

/** The newest minor version of Kubernetes that the list offers, and the oldest that still runs somewhere. */
const NEWEST = 37;
const OLDEST = 20;

const versions = [LATEST, ...Array.from({ length: NEWEST - OLDEST + 1 }, (_, n) => `v1.${NEWEST - n}`)];

function choose(profile: Profile, isOn: boolean): void {
  const others = profiles.value.filter((chosen) => !isOf(profile, chosen));
  // Two of PodSecurityPolicy exclude each other.
  const kept = isOn && profile.name.startsWith("psp:") ? others.filter((chosen) => !chosen.startsWith("psp:")) : others;
  profiles.value = isOn ? [...kept, profile.name] : kept;
}

function setVersion(profile: Profile, version: string): void {
  profiles.value = profiles.value.map((chosen) => (isOf(profile, chosen) ? withVersion(profile, version) : chosen));
}

/** The choices, as the menu and the settings show them. */
export function ProfileChoices() {
  return (
    <fieldset class="profiles">
      <legend>Profiles that judge</legend>
      <label>
        <input type="checkbox" checked={profiles.value.length === 0} disabled={profiles.value.length === 0}
          onChange={() => (profiles.value = [])} />
        <span>as the settings say <span class="faint">without any, ci</span></span>
      </label>
      {known.map((profile) => {
        const { name, about, versioned } = profile;
        const chosen = profiles.value.find((one) => isOf(profile, one));
        return (
          <div key={name} class="profile">
            <label>
              <input type="checkbox" checked={chosen !== undefined} onChange={(event) => choose(profile, event.currentTarget.checked)} />
              <span>{name} <span class="faint">{about}</span></span>
            </label>
            {versioned && chosen !== undefined && (
              <VersionPicker label={`Kubernetes version of ${name}`} value={versionOf(chosen)} onChange={(version) => setVersion(profile, version)} />
            )}
          </div>
        );
      })}
    </fieldset>
  );
}

interface VersionProps {
  label: string;
  value: string;
  onChange: (version: string) => void;
  /** Leaves out what the label says already. */
  isShort?: boolean;
}

export function VersionPicker({ label, value, onChange, isShort = false }: VersionProps) {
  const all = versions.includes(value) ? versions : [value, ...versions];
  const written = (version: string) => (isShort ? version : `Kubernetes ${version.replace("v", "")}`);
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {all.map((version) => <option key={version} value={version}>{written(version)}</option>)}
    </select>
  );
}

export function ProfilePicker() {
  const box = useRef<HTMLDivElement>(null);
  const { isOpen, button } = useMenu(box);
  const first = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isOpen) first.current?.querySelector<HTMLElement>("input:not(:disabled)")?.focus();
  }, [isOpen]);
  const now = profiles.value.length > 0 ? profiles.value : (report.value?.policies.profiles ?? ["ci"]);
  return (
    <div class="menu-box" ref={box}>
      <button type="button" class="tool picker" {...button}>
        <span class="faint">Profile</span> <span class="value">{now.join(", ")}</span>
      </button>
      {isOpen && <div class="menu wide" ref={first}><ProfileChoices /></div>}
    </div>
  );
}
