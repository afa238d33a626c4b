//! Rewrites of paths on the node: other names of the same place.

use fastrand::Rng;
use serde_json::{Value, json};

use super::{Case, HOST_PATHS, Place, Rewrite, Site};

pub(super) const REWRITES: &[Rewrite] = &[
    Rewrite { name: "path alias", apply: |case, rng| respell(case, rng, alias, false) },
    Rewrite {
        name: "path with //",
        apply: |case, rng| respell(case, rng, |path, rng| insert(path, rng, "/"), true),
    },
    Rewrite {
        name: "path with /./",
        apply: |case, rng| respell(case, rng, |path, rng| insert(path, rng, "/."), true),
    },
    Rewrite {
        name: "path with ..",
        apply: |case, rng| respell(case, rng, |path, rng| insert(path, rng, "/x/.."), true),
    },
    Rewrite { name: "path with / at its end", apply: |case, rng| respell(case, rng, slash_at_end, true) },
    Rewrite { name: "path through /proc", apply: |case, rng| respell(case, rng, through_proc, true) },
    Rewrite { name: "pipe spellings", apply: |case, rng| respell(case, rng, pipe, false) },
    Rewrite { name: "subPath with detours", apply: detour_in_sub_path },
    Rewrite { name: "path split by subPath", apply: split },
];

/// A path on the node that is written out.
fn is_settled(path: &str) -> bool {
    path.starts_with('/')
        && path.trim() == path
        && !path.starts_with("//")
        && !path.contains(['$', '{', '\\'])
}

/// Spells a path of a volume, or of a PersistentVolume, otherwise. A detour is a finding itself.
fn respell(
    case: &mut Case,
    rng: &mut Rng,
    spell: fn(&str, &mut Rng) -> Option<String>,
    is_detour: bool,
) -> bool {
    let mut places = Vec::new();
    for site in case.sites() {
        for index in 0..case.list(&site, "/spec/volumes").len() {
            places.push((site.clone(), format!("/spec/volumes/{index}/hostPath/path"), true));
        }
    }
    for (document, value) in case.documents.iter().enumerate() {
        if value["kind"] == "PersistentVolume" {
            let site = Site { document, base: String::new() };
            places.push((site.clone(), "/spec/hostPath/path".to_owned(), false));
            places.push((site, "/spec/local/path".to_owned(), false));
        }
    }
    rng.shuffle(&mut places);
    for (site, pointer, of_pod) in places {
        let Some(path) = case.at_mut(&site, &pointer) else { continue };
        let Some(spelled) = path.as_str().and_then(|path| spell(path, rng)) else { continue };
        *path = spelled.into();
        if is_detour && of_pod {
            case.want("CI107", "medium", site.place(&pointer), None);
        }
        return true;
    }
    false
}

/// Directories that have two names on some or all nodes.
const ALIASES: [(&str, &str); 7] = [
    ("/var/run", "/run"),
    ("/bin", "/usr/bin"),
    ("/lib", "/usr/lib"),
    ("/sbin", "/usr/sbin"),
    ("/var/home", "/home"),
    ("/var/roothome", "/root"),
    ("/sysroot/etc", "/etc"),
];

fn alias(path: &str, _: &mut Rng) -> Option<String> {
    let swap = |from: &str, to: &str| {
        let rest = path.strip_prefix(from)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| format!("{to}{rest}"))
    };
    is_settled(path)
        .then(|| ALIASES.iter().find_map(|(one, other)| swap(one, other).or_else(|| swap(other, one))))
        .flatten()
}

/// Puts something in front of one of the slashes.
fn insert(path: &str, rng: &mut Rng, detour: &str) -> Option<String> {
    let slashes: Vec<usize> = path.match_indices('/').map(|(at, _)| at).collect();
    let at = rng.choice(&slashes).copied().filter(|_| is_settled(path))?;
    Some(format!("{}{detour}{}", &path[..at], &path[at..]))
}

fn slash_at_end(path: &str, rng: &mut Rng) -> Option<String> {
    (is_settled(path) && path != "/").then(|| format!("{path}{}", "/".repeat(rng.usize(1..4))))
}

fn through_proc(path: &str, rng: &mut Rng) -> Option<String> {
    let roots = ["/proc/1/root", "/proc/self/root", "/proc/thread-self/root", "/proc/1/task/1/root"];
    is_settled(path).then(|| format!("{}{}", roots[rng.usize(..roots.len())], path.trim_end_matches('/')))
}

fn pipe(path: &str, rng: &mut Rng) -> Option<String> {
    let slashed = path.to_lowercase().replace('\\', "/");
    let (_, name) = slashed.split_once("/pipe/")?;
    let name: String =
        name.chars().map(|one| if rng.bool() { one.to_ascii_uppercase() } else { one }).collect();
    let prefixes =
        [r"\\.\pipe\", "//./pipe/", "npipe:////./pipe/", r"\\.\PIPE/", "NPIPE:////./pipe/", r"\\?\pipe\"];
    Some(format!("{}{name}", prefixes[rng.usize(..prefixes.len())]))
}

/// Every mount of host paths, with the index of its volume.
fn host_mounts(case: &Case, site: &Site) -> Vec<(usize, String, String)> {
    let volumes = case.list(site, "/spec/volumes");
    let mut found = Vec::new();
    for (.., container) in case.containers(site) {
        for (index, mount) in case.list(site, &format!("{container}/volumeMounts")).iter().enumerate() {
            for (volume, body) in volumes.iter().enumerate() {
                if body["hostPath"].is_object() && body["name"] == mount["name"] {
                    found.push((volume, container.clone(), format!("{container}/volumeMounts/{index}")));
                }
            }
        }
    }
    found
}

fn detour_in_sub_path(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let mounts = host_mounts(case, &site);
    let Some((_, container, mount)) = rng.choice(&mounts) else { return false };
    let pointer = format!("{mount}/subPath");
    let detour = ["//", "/./", "/x/../"][rng.usize(0..3)];
    let Some(Value::String(path)) = case.at_mut(&site, &pointer) else { return false };
    if !path.contains('/') || path.contains(['$', '{']) {
        return false;
    }
    *path = path.replacen('/', detour, 1);
    let name = case.name_of(&site, container);
    case.want("CI107", "medium", site.place(&pointer), name.as_deref());
    true
}

/// Mounts the directory above instead, and the rest by subPath. What was said of the volume is said of a mount or
/// still of the volume; the directory above may be worse than what is mounted of it.
fn split(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let mounts = host_mounts(case, &site);
    let volumes: Vec<usize> = mounts.iter().map(|one| one.0).collect();
    let Some(volume) = rng.choice(&volumes).copied() else { return false };
    let of_volume: Vec<&String> = mounts.iter().filter(|one| one.0 == volume).map(|one| &one.2).collect();
    let named = format!("/spec/volumes/{volume}");
    let body = case.at(&site, &named).cloned().unwrap_or_default();
    let alike = case.list(&site, "/spec/volumes").iter().filter(|one| one["name"] == body["name"]).count();
    let has_sub = |mount: &&String| {
        case.at(&site, mount)
            .is_some_and(|mount| mount.get("subPath").is_some() || mount.get("subPathExpr").is_some())
    };
    let path = body["hostPath"]["path"].as_str().filter(|path| is_settled(path) && !path.contains("//"));
    let Some((above, below)) = path.and_then(|path| path.trim_end_matches('/').rsplit_once('/')) else {
        return false;
    };
    // The type tells that an unknown name is a socket.
    let is_typed =
        !matches!(body["hostPath"]["type"].as_str(), None | Some("" | "Directory" | "DirectoryOrCreate"));
    if alike > 1
        || is_typed
        || below.starts_with('.')
        || above.contains("/.")
        || of_volume.iter().any(has_sub)
    {
        return false;
    }
    let volume_place = site.place(&format!("{named}/hostPath/path"));
    let mut places = Vec::new();
    for mount in &of_volume {
        let container =
            mount.split_once("/volumeMounts").and_then(|(container, _)| case.name_of(&site, container));
        places.push(Place { at: site.place(&format!("{mount}/subPath")), container });
        case.allow(&["CI106"], &site.place(mount));
        if let Some(mount) = case.at_mut(&site, mount) {
            mount["subPath"] = below.into();
        }
    }
    if let Some(host_path) = case.at_mut(&site, &format!("{named}/hostPath")) {
        *host_path = json!({"path": if above.is_empty() { "/" } else { above }});
    }
    for wanted in &mut case.wanted {
        if wanted.places.iter().any(|place| place.at == volume_place) {
            wanted.places.extend(places.iter().cloned());
            wanted.or_as_bad = true;
        }
    }
    case.allow(&HOST_PATHS, &volume_place);
    for place in places {
        case.allow(&HOST_PATHS, &place.at);
    }
    true
}
