//! Volumes of the plugin (`volumes/*.java`, `volumes/workspace/*.java`) as volumes of a pod.

use super::super::super::part::Part;
use super::field;
use crate::document::Value;

/// A volume of a template: it is mounted into every container that the template has.
#[derive(Debug, Clone)]
pub(super) struct Volume {
    pub(super) pointer: String,
    pub(super) mount_path: Option<Part>,
    /// The source, in the form of a pod's volume without its name.
    source: Part,
    sub_path: Option<Part>,
    read_only: Option<Part>,
}

impl Volume {
    /// Reads a volume of whichever form; nothing where it is not known what it is.
    pub(super) fn read(part: &Part) -> Option<Self> {
        let (kind, own) = field::symbol(part)?;
        let own = field::once(&own);
        let kind = kind.trim_end_matches("WorkspaceVolume").trim_end_matches("Volume");
        let source = source(kind, &own)?;
        let is_host = kind == "hostPath";
        Some(Self {
            pointer: part.pointer.clone(),
            mount_path: own.get("mountPath"),
            sub_path: field::filled(own.get("subPath")),
            read_only: own.get("readOnly").filter(|_| is_host).map(field::truth),
            source,
        })
    }

    /// The directory that is there where nothing else is said of the workspace.
    pub(super) fn empty(pointer: &str) -> Self {
        let source = Part::map(pointer).with("emptyDir", Part::map(pointer));
        Self { pointer: pointer.to_owned(), mount_path: None, source, sub_path: None, read_only: None }
    }

    /// The volume in the pod.
    pub(super) fn in_pod(&self, name: &str) -> Part {
        self.source.clone().with("name", Part::text(name, &self.pointer))
    }

    /// The mount of it, at its own place.
    pub(super) fn mount(&self, name: &str) -> Option<Part> {
        let path = self.mount_path.clone()?;
        let mount = Part::map(&self.pointer)
            .with("name", Part::text(name, &self.pointer))
            .with("mountPath", path)
            .with("subPath", self.sub_path.clone())
            .with("readOnly", self.read_only.clone());
        Some(mount)
    }

    /// Whether it is a directory of the node.
    pub(super) fn is_of_host(&self) -> bool {
        self.source.get("hostPath").is_some()
    }

    pub(super) fn size(&self) -> usize {
        self.source.size()
    }

    pub(super) fn path(&self) -> String {
        self.mount_path.as_ref().and_then(Part::as_str).unwrap_or_default().to_owned()
    }
}

/// A source of a pod's volume.
fn source(kind: &str, own: &Part) -> Option<Part> {
    let at = own.pointer.as_str();
    let take = |pairs: &[(&str, &str)]| {
        pairs.iter().fold(Part::map(at), |map, (to, from)| map.with(to, field::filled(own.get(from))))
    };
    let truth = |key: &str| own.get(key).map(field::truth);
    let (name, source) = match kind {
        "hostPath" => ("hostPath", take(&[("path", "hostPath")])),
        "emptyDir" => {
            let memory = truth("memory").and_then(|memory| memory.as_bool()) == Some(true);
            let medium = memory.then(|| Part::text("Memory", at));
            ("emptyDir", Part::map(at).with("medium", medium))
        }
        "secret" => ("secret", take(&[("secretName", "secretName")]).with("optional", truth("optional"))),
        "configMap" => ("configMap", take(&[("name", "configMapName")]).with("optional", truth("optional"))),
        "nfs" => {
            let nfs = take(&[("server", "serverAddress"), ("path", "serverPath")]);
            ("nfs", nfs.with("readOnly", truth("readOnly")))
        }
        "persistentVolumeClaim" | "pVC" => {
            let claim = take(&[("claimName", "claimName")]);
            ("persistentVolumeClaim", claim.with("readOnly", truth("readOnly")))
        }
        // A claim that is made for the pod.
        "dynamicPVC" | "genericEphemeral" => ("ephemeral", of_template(own)),
        _ => return None,
    };
    Some(Part::map(at).with(name, source))
}

/// A claim with the class, the modes and the size that are asked for.
fn of_template(own: &Part) -> Part {
    let at = own.pointer.as_str();
    let modes = field::filled(own.get("accessModes")).map(|modes| match modes.as_str() {
        Some(_) => Part::list(at, vec![modes]),
        None => modes,
    });
    let size = field::filled(own.get("requestsSize")).map(|size| {
        let storage = Part::map(at).with("storage", size);
        Part::map(at).with("requests", storage)
    });
    let spec = Part::map(at)
        .with("accessModes", modes)
        .with("resources", size)
        .with("storageClassName", field::filled(own.get("storageClassName")));
    let metadata = Part::implied(Value::Null, at);
    Part::map(at).with("volumeClaimTemplate", Part::map(at).with("metadata", metadata).with("spec", spec))
}
