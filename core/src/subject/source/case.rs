//! Names of fields in another case: which systems read them, and of what.

use super::super::part::{Odd, Part};
use super::Maker;

/// The systems that read pods by Go's own reader of JSON, or by one that is not known. Others leave it to the API server,
/// by whose reader a field in another case is unknown.
pub(super) const FOLDING: [&str; 7] =
    ["argo", "buildkite", "circleci", "gitlab", "knative", "prow", "tekton"];

/// Fields that decide what a pod may do.
const OF_PODS: [&str; 63] = [
    "add",
    "allowPrivilegeEscalation",
    "annotations",
    "appArmorProfile",
    "args",
    "automountServiceAccountToken",
    "capabilities",
    "claimName",
    "command",
    "configMap",
    "containers",
    "csi",
    "driver",
    "drop",
    "emptyDir",
    "env",
    "envFrom",
    "ephemeral",
    "ephemeralContainers",
    "flexVolume",
    "hostAliases",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostPath",
    "hostPort",
    "hostProcess",
    "hostUsers",
    "image",
    "initContainers",
    "labels",
    "lifecycle",
    "metadata",
    "mountPath",
    "mountPropagation",
    "name",
    "path",
    "persistentVolumeClaim",
    "ports",
    "privileged",
    "procMount",
    "projected",
    "readOnly",
    "readOnlyRootFilesystem",
    "runAsGroup",
    "runAsNonRoot",
    "runAsUser",
    "runtimeClassName",
    "seLinuxOptions",
    "seccompProfile",
    "secret",
    "secretName",
    "securityContext",
    "serviceAccount",
    "serviceAccountName",
    "shareProcessNamespace",
    "spec",
    "sysctls",
    "template",
    "type",
    "value",
    "volumeMounts",
    "volumes",
];

/// What a reader to which case does not count makes of something that has these fields beside those of pods. It counts
/// before anything is merged. Adds the keys for which it does to those that are `odd`.
pub(super) fn in_any_case(part: Part, own: &[&[&str]], odd: &mut Vec<Odd>) -> Part {
    part.folded_all(&[own.concat().as_slice(), &OF_PODS].concat(), odd)
}

/// Keys in another case that are told of an object.
const MOST_ODD: usize = 5;

impl Maker<'_> {
    /// Tells of keys that count for one reader of the object and not for another: nothing that they say is certain.
    pub(super) fn either_way(&mut self, odd: &[Odd]) {
        for Odd { pointer, key, name } in odd.iter().take(MOST_ODD) {
            let reason = format!(
                "`{key}` is `{name}` to readers that take any case, and nothing to others: it was judged as if it counted"
            );
            self.refuse(pointer, reason);
        }
    }
}
